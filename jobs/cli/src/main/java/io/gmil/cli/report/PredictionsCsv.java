package io.gmil.cli.report;

import io.gmil.schema.Prediction;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code predictions.csv}; its columns are a contract. */
public final class PredictionsCsv {

    // Further columns come last: some read the others by their position.
    static final String HEADER = "sample_id,outcome,kind,eta_mean,eta_sd,random_effect,probability,lower,upper,"
            + "posterior_version,labelled_bags,in_training,status,fixed_effect";

    private PredictionsCsv() {}

    /** Writes the predictions in the order given. */
    public static void write(Path file, List<Prediction> predictions) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(HEADER + "\n");
            for (Prediction prediction : predictions) {
                writer.write(line(prediction) + "\n");
            }
        }
    }

    private static String line(Prediction of) {
        return Csv.line(
                of.getSampleId(),
                of.getOutcome(),
                of.getKind(),
                of.getEtaMean(),
                of.getEtaSd(),
                of.getRandomEffect(),
                of.getProbability(),
                of.getLower(),
                of.getUpper(),
                of.getPosteriorVersion(),
                of.getLabelledBags(),
                of.getInTraining(),
                of.getStatus(),
                of.getFixedEffect());
    }
}
