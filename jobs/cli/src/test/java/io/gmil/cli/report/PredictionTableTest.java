package io.gmil.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.Records;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class PredictionTableTest {

    private static Prediction prediction(String outcome, double probability, boolean learnt) {
        Prediction prediction = Records.prediction("s", PredictionKind.FINAL, probability, null);
        prediction.setOutcome(outcome);
        prediction.setInTraining(learnt);
        return prediction;
    }

    @Test
    void aLineForEachOutcome() {
        Prediction warm = prediction("status", 0.25, false);
        warm.setStatus(PredictionStatus.WARMUP);
        String table = PredictionTable.of(List.of(
                prediction("status", 0.5, true),
                prediction("a name that is rather long", Double.NaN, true),
                warm,
                prediction("a name that is rather long", Double.NaN, false)));

        assertThat(table).isEqualTo("""
                                           samples  in training      mean   status
                status                           2            1     0.375   OK 1, WARMUP 1   mean of the probability
                a name that is rather long       2            1    -0.250   OK       mean in the unit of the label""");
    }
}
