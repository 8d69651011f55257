package io.gmil.cli.report;

import io.gmil.cohort.Sample;
import io.gmil.model.BagPrediction;
import io.gmil.model.LeftOut;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One row a training sample, as if it had not been learnt; the columns are a contract. */
public final class LeaveOneOutCsv {

    static final String HEADER = "sample_id,patient_id,label,eta_mean,eta_sd,probability,influence";

    private LeaveOneOutCsv() {}

    /**
     * Writes samples in the order given.
     *
     * @param leftOut of each sample
     */
    public static void write(Path file, List<Sample> samples, List<LeftOut> leftOut) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(HEADER + "\n");
            for (int i = 0; i < samples.size(); i++) {
                writer.write(line(samples.get(i), leftOut.get(i)) + "\n");
            }
        }
    }

    private static String line(Sample sample, LeftOut leftOut) {
        BagPrediction without = leftOut.predictions().get(0);
        return Csv.line(
                sample.id(),
                sample.patientId(),
                sample.label().orElseThrow(),
                without.etaMean(),
                without.etaSd(),
                without.probability(),
                leftOut.influence());
    }
}
