package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateCommandTest {

    private static final String SMALL = "--bags 6 --test-bags 2 --cells 5 --dim 3";

    @TempDir
    private Path directory;

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.csv.gz", "a.h5ad"})
    void aSeedIsOneFile(String name) throws IOException {
        assertThat(Run.of("simulate", SMALL, "--out", path(name)).code()).isZero();
        byte[] first = Files.readAllBytes(directory.resolve(name));
        assertThat(Run.of("simulate", SMALL, "--overwrite --seed 43 --out", path(name))
                        .code())
                .isZero();
        assertThat(Files.readAllBytes(directory.resolve(name))).isNotEqualTo(first);
        assertThat(Run.of("simulate", SMALL, "--overwrite --out", path(name)).code())
                .isZero();
        assertThat(Files.readAllBytes(directory.resolve(name))).isEqualTo(first);
    }

    @Test
    void saysHowToUseTheFile() throws IOException {
        Run run = Run.of("simulate", SMALL, "--outcomes 2 --ragged --out", path("a.h5ad"));

        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.out())
                .contains(path("a.h5ad") + ": 6 training and 2 test bags, ", " cells, 3 features")
                .contains("--embedding obsm/X_emb", "--likelihood binomial --trials 2", "label_2, u_true_2, w_true_2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --likelihood binomial | label,split,u_true,w_true,f0 | --likelihood binomial --trials 2 --split
            --likelihood bernoulli | label,split,u_true,w_true,f0 | a.csv --split split
            --likelihood normal --noise 0.1 | label,split,u_true,w_true,f0 | --likelihood normal --split
            --likelihood categorical --classes 2 | label,split,u_true_c0,w_true_c0,u_true_c1,w_true_c1,f0 | categorical
            --groups 2 --v-group 1 | label,split,batch,u_true,w_true,f0 | --trials 2 --random-intercept batch --split
            """)
    void otherLabelsHaveTheirColumns(String arguments, String columns, String expected) throws IOException {
        Run run = Run.of("simulate", SMALL, arguments, "--out", path("a.csv"));

        assertThat(run.out()).contains(expected);
        assertThat(Files.readAllLines(directory.resolve("a.csv")).get(0)).isEqualTo("bag_id," + columns + ",f1,f2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --out a.txt | --out: expected a name that ends in .h5ad, .csv or .csv.gz
            --out missing/a.csv | no directory
            --out a.csv --bags 1 | --bags: expected at least 2, got 1
            --out a.csv --v-beta -1 | --v-beta: expected a variance of at least 0, got -1.0
            --out a.csv --v-gamma NaN | --v-gamma: expected a variance of at least 0, got NaN
            --out a.csv --outcomes 0 | --outcomes: expected 1 to 100, got 0
            --out a.csv --classes 3 | --classes needs --likelihood categorical
            --out a.csv --likelihood categorical --classes 1 | --classes: expected at least 2, got 1
            --out a.csv --noise 1 | --noise needs --likelihood normal
            --out a.csv --likelihood normal --noise -1 | --noise: expected a standard deviation of at least 0, got -1.0
            --out a.csv --groups 0 | --groups: expected at least 1, got 0
            --out a.csv --v-group 1 | --v-group needs --groups
            --out a.csv --groups 2 --v-group NaN | --v-group: expected a variance of at least 0, got NaN
            --out a.csv --likelihood poisson | --likelihood
            """)
    void refusesBadOptions(String arguments, String expected) throws IOException {
        Run.of("simulate", arguments.replace("--out ", "--out " + directory + "/"))
                .assertRefused(expected);
        assertEmpty();
    }

    @Test
    void refusesAFileThatExists() throws IOException {
        Path file = Files.writeString(directory.resolve("a.csv"), "mine");

        Run.of("simulate --out", file.toString()).assertRefused("exists; --overwrite replaces it");
        assertThat(file).hasContent("mine");
    }

    @Test
    void refusesADirectory() throws IOException {
        Path other = Files.createDirectory(directory.resolve("d.csv"));

        Run.of("simulate --overwrite --out", other.toString()).assertRefused("expected a file, got the directory");
    }

    private void assertEmpty() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
