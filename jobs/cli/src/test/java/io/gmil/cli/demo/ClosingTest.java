package io.gmil.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.ListedCohort;
import io.gmil.cli.Records;
import io.gmil.cli.publish.StudyNames;
import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.watch.FinalWeights;
import io.gmil.cli.watch.RunState;
import io.gmil.cohort.Sample;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a run, from records of its topics. */
class ClosingTest {

    @TempDir
    private Path out;

    private final ListedCohort cohort = new ListedCohort(2, 9, false)
            .add("a", 4, OptionalDouble.of(1), true)
            .add("b", 4, OptionalDouble.of(0), true)
            .add("t", 4, OptionalDouble.of(1), false);

    private String report(CellTypeAttention... types) throws IOException {
        List<Sample> samples = cohort.samples();
        FinalWeights weights = FinalWeights.none(samples);
        try (AttentionCsv attention = new AttentionCsv(out.resolve("spool"), samples.size(), 2)) {
            RunState state = new RunState(samples, "gmil.labels", attention, weights);
            state.expectFinal("c");
            for (Sample sample : List.of(samples.get(2), samples.get(0), samples.get(1))) {
                state.prediction(prediction(sample, PredictionKind.ARRIVAL, null));
                state.prediction(prediction(sample, PredictionKind.FINAL, "c"));
                AttentionSummary summary = Records.attention(sample.id(), "c", 0, 1, 0, 1);
                summary.setWeightQuantiles(Collections.nCopies(7, 0.25));
                summary.setByCellType(List.of(types));
                state.attention(summary);
            }
            Throughput unknown = new Throughput(Double.NaN, Double.NaN, Double.NaN);
            return new Closing(samples, settings(), Survey.of(cohort), state, weights).report(attention, 1, unknown);
        }
    }

    private static Prediction prediction(Sample sample, PredictionKind kind, String command) {
        Prediction prediction = Records.prediction(sample.id(), kind, 0.5, command);
        prediction.setInTraining(false);
        prediction.setFixedEffect(-0.5);
        prediction.setRandomEffect(0.25);
        return prediction;
    }

    private DemoSettings settings() {
        return new DemoSettings(
                new StudyNames("demo", "Y", "X", "1"),
                false,
                1,
                8081,
                out,
                DemoSettings.Kinds.FINAL,
                2,
                1,
                Optional.empty(),
                Optional.empty(),
                false,
                0);
    }

    @Test
    void tellsOfAttentionAndOfCellTypesInTheOrderOfTheCohort() throws IOException {
        String said = report(new CellTypeAttention("T", 3, 0.5, 1.0));

        assertThat(said)
                .endsWith(": summary.json, predictions.csv, attention.csv, attention-summary.csv,"
                        + " cell-types.csv (log: gmil.log)");
        assertThat(Files.readAllLines(out.resolve("attention-summary.csv")))
                .hasSize(4)
                .element(1)
                .isEqualTo("a,Y,4,1.0,2.0,0.25,0.25,0.25,0.25,0.25,0.25,0.25");
        assertThat(Files.readAllLines(out.resolve("cell-types.csv")))
                .containsExactly(
                        "sample_id,outcome,cell_type,cells,share,mass,contribution",
                        "a,Y,T,3,0.75,0.5,1.0",
                        "a,Y,,1,0.25,0.5,-0.75",
                        "b,Y,T,3,0.75,0.5,1.0",
                        "b,Y,,1,0.25,0.5,-0.75",
                        "t,Y,T,3,0.75,0.5,1.0",
                        "t,Y,,1,0.25,0.5,-0.75");
        assertThat(Files.readAllLines(out.resolve("predictions.csv")))
                .hasSize(4)
                .element(3)
                .asString()
                .matches("t,Y,FINAL,.*,0\\.25,.*,false,OK,-0\\.5");
    }

    @Test
    void typesOfAnEarlierRunDoNotStayWhereThereAreNone() throws IOException {
        report(new CellTypeAttention("T", 3, 0.5, 1.0));

        assertThat(report())
                .endsWith(": summary.json, predictions.csv, attention.csv, attention-summary.csv" + " (log: gmil.log)");
        assertThat(out.resolve("cell-types.csv")).doesNotExist();
        assertThat(out.resolve("attention-summary.csv")).isNotEmptyFile();
    }
}
