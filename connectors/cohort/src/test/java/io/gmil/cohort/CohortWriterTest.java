package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cohort.CohortOptions.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CohortWriterTest {

    @TempDir
    Path directory;

    private Path awkward() throws IOException {
        return Files.writeString(directory.resolve("in.csv"), """
                bag_id,cell_id,who,outcome,age,kind,f0,f1
                "a,1",ACGT-1,p1,sick,40.1,Zelle ü,0.1,3.4028235E38
                b,AC,p1,well,0.30000000000000004,,1.4E-45,-0.0
                "a,1",A,p1,sick,40.1,"T ""x""\",16777217,0.33333334
                c,G,p2,,1e-300,B,1,2
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.csv", "out.csv.gz", "out.h5ad"})
    void everythingReadsBack(String name) throws IOException {
        Path file = directory.resolve(name);
        Scanned before;
        try (Cohort cohort = Asked.of(awkward())
                .patient("who")
                .label("outcome")
                .likelihood(Outcome.CATEGORICAL)
                .covariates("age")
                .cellType("kind")
                .open()) {
            before = Scanned.of(cohort);
            CohortWriter.write(cohort, file);
        }
        Scanned after = Asked.of(file)
                .embedding("obsm/X_emb")
                .patient("patient")
                .likelihood(Outcome.CATEGORICAL)
                .covariates("age")
                .cellType("cell_type")
                .split("split", "train")
                .scan();
        assertThat(after.cells()).isEqualTo(before.cells());
        assertThat(after.samples())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(before.samples());
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("in.csv", name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim.csv", "sim.h5ad"})
    void anotherOutcomeOfASimulationReadsBack(String name) throws IOException {
        Path file = directory.resolve(name);
        Cohort simulated = new SimulatedCohort(new SimulationOptions(6, 3, 11, 4, 0.5, 0.8, -1, 3, 2, true));
        CohortWriter.write(simulated, file);
        Scanned after = Asked.of(file)
                .embedding("obsm/X_emb")
                .label("label_2")
                .binomial(2)
                .split("split", "train")
                .truth("u_true_2", "w_true_2")
                .scan();
        double[][] expected = new double[3][9];
        simulated.scan(run -> {
            for (int column = 0; column < 3; column++) {
                double value = simulated.furtherColumns().get(column).value().of(run, 0);
                expected[column][run.sample()] = value;
            }
        });
        for (int s = 0; s < 9; s++) {
            Sample sample = after.samples().get(s);
            assertThat(sample.cells()).isEqualTo(simulated.samples().get(s).cells());
            assertThat(sample.label()).hasValue(expected[0][s]);
            assertThat(sample.trueEffect()).hasValue(expected[1][s]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim.csv", "sim.h5ad"})
    void aSimulationReadsBack(String name) throws IOException {
        Path file = directory.resolve(name);
        Cohort simulated = new SimulatedCohort(new SimulationOptions(6, 3, 11, 4, 0.5, 0.8, -1, 3));
        CohortWriter.write(simulated, file);
        Scanned after = Asked.of(file)
                .embedding("obsm/X_emb")
                .binomial(2)
                .split("split", "train")
                .truth("u_true", "w_true")
                .scan();
        assertThat(after.cells())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("id")
                .isEqualTo(Scanned.of(simulated).cells());
        assertThat(after.samples())
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(simulated.samples());
    }

    @Test
    void nothingIsLeftWhenACellIsBad() throws IOException {
        Path in = Files.writeString(directory.resolve("in.csv"), "bag_id,f0\na,1\na,NaN\n");
        try (Cohort cohort = Asked.of(in).open()) {
            assertThatThrownBy(() -> CohortWriter.write(cohort, directory.resolve("out.h5ad")))
                    .isInstanceOf(CohortException.class)
                    .hasMessageContaining("column 'f0' is 'NaN'");
        }
        assertThat(directory).isDirectoryNotContaining("glob:**out*");
    }

    @Test
    void refusesAnotherFormatAndANameThatIsTaken() throws IOException {
        Path in = Files.writeString(directory.resolve("in.csv"), "bag_id,label,f0\na,1,1\n");
        try (Cohort cohort = Asked.of(in).covariates("label").open()) {
            assertThatThrownBy(() -> CohortWriter.write(cohort, directory.resolve("out.parquet")))
                    .isInstanceOf(CohortException.class)
                    .hasMessageContaining("expected a name that ends in .h5ad, .csv or .csv.gz");
            assertThatThrownBy(() -> CohortWriter.write(cohort, directory.resolve("out.csv")))
                    .isInstanceOf(CohortException.class)
                    .hasMessageContaining("cannot write covariate 'label'");
        }
    }

    @Test
    void anUnknownLabelStaysUnknown() throws IOException {
        Path in = Files.writeString(directory.resolve("in.csv"), "bag_id,label,f0\na,1,1\nb,,2\n");
        Path out = directory.resolve("out.h5ad");
        try (Cohort cohort = Asked.of(in).open()) {
            CohortWriter.write(cohort, out);
        }
        assertThat(Asked.of(out).embedding("obsm/X_emb").scan().samples())
                .extracting(Sample::label)
                .isEqualTo(List.of(OptionalDouble.of(1), OptionalDouble.empty()));
    }
}
