package io.gmil.cli.report;

import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import io.gmil.model.BagPrediction;
import io.gmil.model.LeftOut;
import io.gmil.stream.saved.ModelFile;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One row for each label of a training sample, or each class, as if it had not been learnt; the columns are a contract.
 */
public final class LeaveOneOutCsv {

    static final String HEADER =
            "sample_id,patient_id,outcome,label,eta_mean,eta_sd,probability,lower,upper,influence,leverage";

    private LeaveOneOutCsv() {}

    /**
     * Writes samples in the order given.
     *
     * @param leftOut of each sample and outcome; null where it has no label
     */
    public static void write(Path file, List<ModelFile.Outcome> outcomes, List<Sample> samples, List<LeftOut[]> leftOut)
            throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(HEADER + "\n");
            for (int i = 0; i < samples.size(); i++) {
                for (int o = 0; o < outcomes.size(); o++) {
                    LeftOut of = leftOut.get(i)[o];
                    for (int c = 0; of != null && c < of.predictions().size(); c++) {
                        writer.write(line(samples.get(i), outcomes.get(o), o, c, of) + "\n");
                    }
                }
            }
        }
    }

    private static String line(Sample sample, ModelFile.Outcome outcome, int o, int c, LeftOut of) {
        BagPrediction without = of.predictions().get(c);
        OutcomeUnit unit = OutcomeUnit.of(outcome, c);
        Optional<SampleLabel> label = sample.labels().get(o);
        return Csv.line(
                sample.id(),
                sample.patientId(),
                unit.name(),
                unit.label(label.orElseThrow().value()),
                unit.location(without.etaMean()),
                unit.size(without.etaSd()),
                unit.probability(without.probability()),
                unit.location(without.lower()),
                unit.location(without.upper()),
                of.influence(),
                of.leverage());
    }
}
