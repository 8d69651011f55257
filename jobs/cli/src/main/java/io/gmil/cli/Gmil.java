package io.gmil.cli;

import io.gmil.cli.chaos.ChaosCommand;
import io.gmil.cli.chaos.SoakCommand;
import io.gmil.cli.control.AuditCommand;
import io.gmil.cli.control.ControlCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code gmil} command. */
@Command(
        name = "gmil",
        description = "Learns from bags of single-cell embeddings as they arrive: GMIL on Apache Flink and Kafka.",
        mixinStandardHelpOptions = true,
        version = "gmil 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            SimulateCommand.class,
            FitCommand.class,
            PredictCommand.class,
            EvaluateCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            ExperimentsCommand.class,
            ClusterCommand.class,
            SubmitCommand.class,
            ControlCommand.class,
            AuditCommand.class,
            ChaosCommand.class,
            SoakCommand.class
        })
public final class Gmil implements Runnable {

    /** Something failed that is not the user's mistake. */
    public static final int FAILED = 1;

    /** Bad input: options, files, a taken port. */
    public static final int BAD_INPUT = 2;

    @Spec
    private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    private static int execute(String[] args) {
        try {
            return commandLine().execute(args);
        } catch (OutOfMemoryError e) {
            System.err.println("gmil: " + Failures.memory(e));
            return FAILED;
        }
    }

    static CommandLine commandLine() {
        return new CommandLine(new Gmil())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Gmil::explainUsage)
                .setExecutionExceptionHandler(new Failures());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, for example 'demo'");
    }

    private static int explainUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + oneLine(e.getMessage()) + " (" + name + " --help lists the options)");
        return BAD_INPUT;
    }

    static String oneLine(String text) {
        return text == null
                ? "unknown error"
                : text.replaceAll("\\s*\\R\\s*", " ").strip();
    }
}
