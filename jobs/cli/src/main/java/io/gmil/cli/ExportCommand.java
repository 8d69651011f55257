package io.gmil.cli;

import io.gmil.cli.exchange.ModelExport;
import io.gmil.cli.offline.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a model for other programs. */
@Command(
        name = "export",
        description = {
            "Writes a model for other programs.",
            ".npz and .safetensors hold it as parameters of the authors' model (P outcomes or classes, float64) with "
                    + "gmil's own beside them; 'gmil import' reads them without loss. Train scale: mean 0, sd 1.",
            ".onnx is the predictor of one bag and one outcome. Inputs: cells (I x Q, float32, raw) and, where the model "
                    + "has any, covariates (K - 1, float64, raw, without intercept). Outputs: eta_mean, eta_sd, "
                    + "probability, u, and for each cell attention and contribution; all of them by class where the "
                    + "outcome has classes, in the unit of the label and without probability where it is a number.",
            "Several heads and random intercepts are refused."
        },
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class ExportCommand implements Callable<Integer> {

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model to write.")
    private Path model;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Ends in .npz, .safetensors or .onnx, which is the format.")
    private Path out;

    @Option(names = "--outcome", paramLabel = "NAME", description = "Writes only this one of several outcomes.")
    private String outcome;

    @Option(names = "--overwrite", description = "Replaces a file that exists.")
    private boolean overwrite;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ModelExport.requireKnownFormat(out);
        OutputFiles.requireOutside("--out", out, model);
        OutputFiles.requireWritable("--out", out, overwrite);
        ModelExport.write(ModelExport.ofOutcome(new ModelDirectory(model).read(), outcome), out);
        spec.commandLine().getOut().println("model of " + model + " in " + out);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
