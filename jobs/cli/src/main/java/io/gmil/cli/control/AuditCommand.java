package io.gmil.cli.control;

import io.gmil.cli.UsageException;
import io.gmil.cli.report.Csv;
import io.gmil.kafka.Topic;
import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.ModelOrigin;
import io.gmil.schema.Prediction;
import io.gmil.stream.ModelIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which posterior version gave a prediction, and what that was trained on. */
@Command(
        name = "audit",
        description = "Says which posterior version gave the predictions of a sample, and what it was trained on.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class AuditCommand implements Callable<Integer> {

    @Mixin
    private TopicArguments topics = new TopicArguments();

    @Parameters(paramLabel = "SAMPLE")
    private String sample;

    @Option(names = "--outcome", paramLabel = "NAME", description = "Of this outcome only.")
    private Optional<String> outcome = Optional.empty();

    @Option(names = "--all", description = "Every prediction of the sample, not only the last.")
    private boolean all;

    @Option(
            names = "--trained-on",
            paramLabel = "FILE.csv",
            description = "Writes the labelled samples behind the last prediction; replaces the file.")
    private Optional<Path> trainedOn = Optional.empty();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        TopicArguments.Place place = topics.place();
        List<Prediction> predictions = new ArrayList<>();
        TopicRecords.forEach(place.kafka(), Topic.PREDICTIONS, Prediction.class, each -> {
            if (each.getStudy().equals(place.study())
                    && each.getSampleId().equals(sample)
                    && outcome.map(each.getOutcome()::equals).orElse(true)) {
                predictions.add(each);
            }
        });
        if (predictions.isEmpty()) {
            throw new UsageException("sample: expected one that was predicted in study '%s'%s, got '%s'"
                    .formatted(
                            place.study(),
                            outcome.map(name -> " for outcome '" + name + "'").orElse(""),
                            sample));
        }
        List<Audit> audits = new ArrayList<>();
        TopicRecords.forEach(place.kafka(), Topic.AUDIT, Audit.class, audits::add);
        PrintWriter out = spec.commandLine().getOut();
        for (Prediction each : all ? predictions : predictions.subList(predictions.size() - 1, predictions.size())) {
            explain(each, audits, out);
        }
        if (trainedOn.isPresent()) {
            write(lineage(predictions.get(predictions.size() - 1), audits)
                    .orElseThrow(() -> new UsageException("--trained-on: expected the audit records of every version "
                            + "since the start, but the topic no longer holds all of them; nothing was written")));
        }
        return 0;
    }

    private static Optional<Lineage> lineage(Prediction prediction, List<Audit> audits) {
        String model = ModelIds.key(
                prediction.getStudy(),
                prediction.getOutcome(),
                prediction.getEmbedding(),
                prediction.getEmbeddingVersion(),
                prediction.getScalerId());
        return Lineage.of(audits, model, prediction.getPosteriorGeneration(), prediction.getPosteriorVersion());
    }

    private static void explain(Prediction prediction, List<Audit> audits, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "prediction   %s of %s revision %d, outcome %s, at %s: %.3f (%.3f to %.3f), %s%s%n",
                prediction.getKind(),
                prediction.getSampleId(),
                prediction.getRevision(),
                prediction.getOutcome(),
                prediction.getPredictedAt(),
                prediction.getProbability(),
                prediction.getLower(),
                prediction.getUpper(),
                prediction.getStatus(),
                prediction.getInTraining() ? ", its own label in training" : "");
        out.printf(
                Locale.ROOT,
                "embedding    %s version %s, scaler %s%n",
                prediction.getEmbedding(),
                prediction.getEmbeddingVersion(),
                prediction.getScalerId());
        if (prediction.getPosteriorVersion() == 0) {
            out.println("posterior    the prior: nothing was learnt yet");
            return;
        }
        String version = prediction.getPosteriorGeneration() + "." + prediction.getPosteriorVersion();
        Optional<Lineage> lineage = lineage(prediction, audits);
        if (lineage.isEmpty()) {
            out.println("posterior    version " + version + ", of which the audit topic holds no complete history");
            return;
        }
        explain(lineage.get(), version, prediction.getLabelledBags(), out);
    }

    private static void explain(Lineage lineage, String version, int labelled, PrintWriter out) {
        List<List<Audit>> versions = lineage.versions();
        List<Audit> records = versions.get(versions.size() - 1);
        Audit last = records.get(0);
        out.printf(
                Locale.ROOT,
                "posterior    version %s of %s, code %s, settings %s%n",
                version,
                last.getPublishedAt(),
                last.getCodeVersion(),
                last.getConfigFingerprint());
        out.printf(
                Locale.ROOT,
                "since %-6s %d labels came, %d went, %d sites were computed anew%n",
                last.getPreviousVersion(),
                records.stream().mapToInt(each -> each.getAdded().size()).sum(),
                records.stream().mapToInt(each -> each.getRemoved().size()).sum(),
                last.getRefreshed());
        ModelOrigin origin = last.getOrigin();
        out.printf(
                Locale.ROOT,
                "trained on   %d labelled bags, in %d versions since %s%n",
                labelled,
                versions.size(),
                origin == null
                        ? "the prior"
                        : "a saved model of %d labelled bags (%s)"
                                .formatted(origin.getLabelledBags(), origin.getFingerprint()));
        if (!lineage.erasures().isEmpty()) {
            out.println("erasures     " + String.join(", ", lineage.erasures()));
            int learnt = labelled - (origin == null ? 0 : origin.getLabelledBags());
            int erased = lineage.trainedOn().size() - learnt;
            if (erased > 0) {
                out.println("             --trained-on also lists " + erased
                        + " samples that they took out: no record says which");
            }
        }
    }

    private void write(Lineage lineage) throws IOException {
        List<String> lines = new ArrayList<>(List.of("sample_id,bag_revision,label_revision"));
        for (LabelledSample each : lineage.trainedOn().values()) {
            lines.add(Csv.line(each.getSampleId(), each.getBagRevision(), each.getLabelRevision()));
        }
        Files.write(trainedOn.orElseThrow(), lines);
    }
}
