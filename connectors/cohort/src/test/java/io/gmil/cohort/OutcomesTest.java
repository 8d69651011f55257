package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cohort.CohortOptions.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several outcomes of one cohort, and the groups of its samples. */
class OutcomesTest {

    private static final String HEADER = "status,grade,hba1c,hits,n,site";
    private static final String[] ROWS = {"sick,10,5.5,2,4,Rome", "well,9,,0,1,", ",,-1,,,Bonn", ",,,,7,Rome"};

    @TempDir
    Path directory;

    private Path cells(String columns, String... rows) throws IOException {
        StringBuilder text = new StringBuilder("bag_id," + columns + ",f0\n");
        for (int s = 0; s < rows.length; s++) {
            text.append("s").append(s).append(',').append(rows[s]).append(",0\n");
        }
        return Files.writeString(directory.resolve("c.csv"), text);
    }

    /** The same columns in obs, of which every sample has two cells. */
    private Path h5ad() {
        String[] samples = {"s0", "s0", "s1", "s1", "s2", "s2", "s3", "s3"};
        return TestH5ad.write(directory.resolve("c.h5ad"), samples, obs -> {
            obs.putDataset("status", new String[] {"sick", "sick", "well", "well", "", "", "", ""});
            obs.putDataset("grade", new double[] {10, 10, 9, 9, Double.NaN, Double.NaN, Double.NaN, Double.NaN});
            obs.putDataset("hba1c", new double[] {5.5, 5.5, Double.NaN, Double.NaN, -1, -1, Double.NaN, Double.NaN});
            obs.putDataset("hits", new double[] {2, 2, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN});
            obs.putDataset("n", new double[] {4, 4, 1, 1, Double.NaN, Double.NaN, 7, 7});
            var site = obs.putGroup("site");
            site.putDataset("categories", new String[] {"Rome", "Bonn"});
            site.putDataset("codes", new byte[] {0, 0, -1, -1, 1, 1, 0, 0});
        });
    }

    private Asked asked(String reader) throws IOException {
        return switch (reader) {
            case "csv" -> Asked.of(cells(HEADER, ROWS));
            case "h5ad" -> Asked.of(h5ad());
            default -> {
                StringBuilder table = new StringBuilder("bag_id," + HEADER + "\n");
                for (int s = 0; s < ROWS.length; s++) {
                    table.append("s" + s + "," + ROWS[s] + "\n");
                }
                yield Asked.of(cells("x", "0", "0", "0", "0"))
                        .labels(Files.writeString(directory.resolve("labels.csv"), table));
            }
        };
    }

    private static Optional<SampleLabel> label(double value, int trials) {
        return Optional.of(new SampleLabel(value, trials));
    }

    private static Asked several(Asked asked) {
        return asked.label("status")
                .positive("sick")
                .further(
                        OutcomeOptions.categorical(Optional.of("grade")),
                        OutcomeOptions.normal(Optional.of("hba1c")),
                        OutcomeOptions.binomial(Optional.of("hits"), "n"),
                        OutcomeOptions.binomial(Optional.of("n"), 7));
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "h5ad", "labels"})
    void everyReaderReadsEveryKind(String reader) throws IOException {
        try (Cohort cohort = several(asked(reader)).group("site").open()) {
            Optional<SampleLabel> unknown = Optional.empty();
            assertThat(cohort.samples())
                    .extracting(Sample::labels)
                    .containsExactly(
                            List.of(label(1, 1), label(1, 1), label(5.5, 1), label(2, 4), label(4, 7)),
                            List.of(label(0, 1), label(0, 1), unknown, label(0, 1), label(1, 7)),
                            List.of(unknown, unknown, label(-1, 1), unknown, unknown),
                            List.of(unknown, unknown, unknown, unknown, label(7, 7)));
            assertThat(cohort.classes(1)).containsExactly("9", "10");
            assertThat(cohort.classes()).isEmpty();
            assertThat(cohort.groups()).containsExactly("Bonn", "Rome");
            assertThat(cohort.samples())
                    .extracting(Sample::group)
                    .containsExactly(Optional.of("Rome"), Optional.empty(), Optional.of("Bonn"), Optional.of("Rome"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "h5ad", "labels"})
    void aModelReadsGroupsAndNoLabels(String reader) throws IOException {
        CohortOptions options = several(asked(reader))
                .label("nowhere")
                .options()
                .forPrediction("X", List.of(), Map.of(), Optional.of("site"));
        try (Cohort cohort = Cohorts.open(options)) {
            assertThat(cohort.groups()).containsExactly("Bonn", "Rome");
            assertThat(cohort.samples()).noneMatch(Sample::training).allMatch(sample -> sample.labels()
                    .isEmpty());
            assertThat(cohort.samples().get(2).label()).isEmpty();
            assertThat(cohort.samples().get(2).group()).hasValue("Bonn");
        }
    }

    @Test
    void anyLabelIsWorthLearning() throws IOException {
        try (Cohort cohort = Asked.of(cells("a,b", "1,", ",3.5", ","))
                .label("a")
                .further(OutcomeOptions.normal(Optional.of("b")))
                .open()) {
            assertThat(cohort.samples()).extracting(Sample::labelled).containsExactly(true, true, false);
            assertThat(cohort.samples()).extracting(Sample::training).containsExactly(true, true, false);
        }
    }

    @Test
    void samplesWithOnlyAFurtherLabelAreHeldOutToo() throws IOException {
        try (Cohort cohort = Asked.of(cells("a,b", "1,1", "1,1", "0,1", "0,1", ",1", ",1", ","))
                .label("a")
                .further(OutcomeOptions.normal(Optional.of("b")))
                .testFraction(.5, 3)
                .open()) {
            for (int pair = 0; pair < 3; pair++) {
                assertThat(cohort.samples().subList(2 * pair, 2 * pair + 2))
                        .extracting(Sample::training)
                        .containsExactlyInAnyOrder(true, false);
            }
        }
    }

    private static void refused(Asked asked, String... parts) {
        assertThatThrownBy(() -> asked.open().close())
                .isInstanceOf(CohortException.class)
                .hasMessageContainingAll(parts)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aCountNeedsItsTrials() throws IOException {
        refused(
                Asked.of(cells("k,n", "1,")).label("k").binomialOf("n"),
                "trials 'n' of sample 's0' in c.csv is (missing); expected a whole number of at least 1",
                "label 'k'");
        refused(Asked.of(cells("k,n", "1,1.5")).label("k").binomialOf("n"), "trials 'n' of sample 's0'", "is '1.5'");
        refused(Asked.of(cells("k,n", "0,0")).label("k").binomialOf("n"), "trials 'n' of sample 's0'", "is '0'");
        refused(
                Asked.of(cells("k,n", "3,2")).label("k").binomialOf("n"),
                "label 'k' of sample 's0' in c.csv is '3'; expected a whole number from 0 to 2 (its trials in 'n')");
        refused(Asked.of(cells("k", "1")).label("k").binomialOf("n"), "no column 'n' in c.csv; there are: bag_id, k");
    }

    @Test
    void everyOutcomeIsChecked() throws IOException {
        refused(
                Asked.of(cells("a,b", "1,high")).label("a").further(OutcomeOptions.normal(Optional.of("b"))),
                "label 'b' of sample 's0' in c.csv is 'high'; expected a finite number");
        refused(
                Asked.of(cells("a", "1")).label("a").further(OutcomeOptions.normal(Optional.of("a"))),
                "--label names a column twice: a, a");
        refused(
                Asked.of(cells("label", "1")).further(OutcomeOptions.normal(Optional.of("label"))),
                "--label names a column twice");
        assertThatThrownBy(() -> new OutcomeOptions(Optional.empty(), Outcome.NORMAL, 2, Optional.empty(), List.of()))
                .isInstanceOf(CohortException.class)
                .hasMessage("--trials 2 is for a binomial label; the likelihood is NORMAL");
        assertThatThrownBy(() -> new OutcomeOptions(Optional.empty(), Outcome.NORMAL, 1, Optional.of("n"), List.of()))
                .hasMessage("trials in column 'n' are for a binomial label; the likelihood is NORMAL");
    }

    @Test
    void aClassThatOnlyHeldOutSamplesHaveIsRefused() throws IOException {
        refused(
                Asked.of(cells("grade,fold", "a,dev", "b,dev", "c,held"))
                        .label("grade")
                        .likelihood(Outcome.CATEGORICAL)
                        .split("fold", "dev"),
                "no training sample has the class c of label 'grade'");
        try (Cohort cohort = Asked.of(cells("grade,fold", "a,held", "b,held", ",dev"))
                .label("grade")
                .likelihood(Outcome.CATEGORICAL)
                .split("fold", "dev")
                .open()) {
            assertThat(cohort.classes(0)).as("nothing is to be learnt").hasSize(2);
        }
    }

    @Test
    void aGroupIsOneValueASample() throws IOException {
        Path csv = Files.writeString(directory.resolve("g.csv"), "bag_id,batch,f0\ns0,b1,0\ns0,b2,0\n");
        refused(
                Asked.of(csv).group("batch"),
                "column 'batch' of g.csv has two values in sample 's0': 'b1' and 'b2'; expected one value a sample");
        refused(Asked.of(csv).group("site"), "no column 'site' in g.csv");
        Path h5ad = TestH5ad.write(
                directory.resolve("g.h5ad"),
                new String[] {"s0", "s0"},
                obs -> obs.putDataset("batch", new int[] {1, 2}));
        refused(Asked.of(h5ad).group("batch"), "column 'batch' of obs of g.h5ad has two values in sample 's0'");
    }
}
