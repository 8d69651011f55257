package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictCommandTest {

    @TempDir
    private Path directory;

    private Path cohort;

    @BeforeEach
    void fit() throws IOException {
        cohort = CellsCsv.first(path("c.csv"), 30);
        assertThat(Run.of(
                                "fit",
                                cohort.toString(),
                                CellsCsv.COVARIATES,
                                "--model",
                                path("model").toString())
                        .code())
                .isZero();
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private Run predict(Path of, String out, String... more) {
        return Run.of(
                "predict", of.toString(), "--model " + path("model") + " --out " + path(out), String.join(" ", more));
    }

    private List<String> lines(Path of, String out) throws IOException {
        assertThat(predict(of, out).err()).isEmpty();
        return Files.readAllLines(path(out));
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void aSampleAloneIsPredictedAsAmongOthers() throws IOException {
        List<String> all = lines(cohort, "all.csv");
        assertThat(all).hasSize(31);
        assertThat(all.get(18)).startsWith("s17,label,FINAL,").contains(",1,30,true,OK,");

        // The only text it has is the second of the two the model knows.
        assertThat(lines(CellsCsv.samples(path("one.csv"), 17), "one-p.csv")).containsExactly(all.get(0), all.get(18));
        assertThat(lines(CellsCsv.mixed(path("mixed.csv"), 30), "mixed-p.csv")).isEqualTo(all);
    }

    @Test
    void aCovariateLeftOutCountsAsAverageAndNeedNoColumn() throws IOException {
        // The mean of ages 20 to 49, at which its standardised value is 0.
        Path average = CellsCsv.first(path("average.csv"), 30);
        for (int i = 0; i < 30; i++) {
            CellsCsv.edit(
                    average, "," + (20 + i) + "," + (i % 2 == 0 ? "F" : "M"), ",34.5," + (i % 2 == 0 ? "F" : "M"));
        }
        List<String> expected = lines(average, "average-p.csv");
        assertThat(predict(cohort, "without.csv", "--without-covariate age").err())
                .isEmpty();
        assertThat(Files.readAllLines(path("without.csv"))).isEqualTo(expected).isNotEqualTo(lines(cohort, "with.csv"));

        CellsCsv.edit(cohort, "label,age,sex", "label,years,gender");
        assertThat(predict(cohort, "none.csv", "--without-covariate age --without-covariate sex")
                        .err())
                .isEmpty();
        assertThat(Files.readAllLines(path("none.csv")))
                .hasSize(31)
                .filteredOn(line -> line.contains(",true,"))
                .hasSize(30);
    }

    @Test
    void labelsAreNotRead() throws IOException {
        List<String> all = lines(cohort, "all.csv");
        for (int label = 0; label < 2; label++) {
            for (int sample = 0; sample < 30; sample++) {
                CellsCsv.edit(cohort, "s" + sample + "," + label + ",", "s" + sample + ",unknown,");
            }
        }

        assertThat(lines(cohort, "unlabelled.csv")).isEqualTo(all);
    }

    @Test
    void attentionListsTheCellsOfTopK() throws IOException {
        assertThat(predict(cohort, "p.csv", "--attention " + path("a.csv") + " --top-k 2")
                        .code())
                .isZero();
        List<String> two = Files.readAllLines(path("a.csv"));
        assertThat(two).hasSize(1 + 30 * 2).first().isEqualTo("sample_id,outcome,rank,cell_id,weight,contribution");
        assertThat(two.get(1)).matches("s0,label,1,cell\\d,0\\.\\d+,-?\\d.*");
        assertThat(predict(cohort, "p.csv", "--overwrite --attention " + path("a.csv") + " --top-k all")
                        .code())
                .isZero();
        double mass = Files.readAllLines(path("a.csv")).stream()
                .filter(line -> line.startsWith("s5,"))
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[4]))
                .sum();
        assertThat(mass).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(files()).containsExactly("a.csv", "c.csv", "model", "p.csv");
    }

    @Test
    void aFileOfAnotherFormatGivesTheSamePredictions() throws IOException {
        String size = " --bags 30 --test-bags 10 --cells 9 --dim 3 --ragged ";
        Run.of("simulate", size, "--out", path("s.csv.gz").toString());
        Run.of("simulate", size, "--out", path("s.h5ad").toString());
        String asked =
                "--likelihood binomial --trials 2 --split split --train train --overwrite --model " + path("model");
        assertThat(Run.of("fit", path("s.csv.gz").toString(), asked).code()).isZero();
        List<String> fromCsv = lines(path("s.csv.gz"), "csv.csv");
        predict(path("s.h5ad"), "h5ad.csv", "--embedding obsm/X_emb");

        assertThat(Files.readAllLines(path("h5ad.csv"))).isEqualTo(fromCsv);
        assertThat(fromCsv).filteredOn(line -> line.contains(",true,")).hasSize(30);
        assertThat(fromCsv)
                .filteredOn(line -> line.contains(",false,"))
                .hasSize(10)
                .allMatch(line -> line.startsWith("test_"));
    }

    @Test
    void aLearntNameOnOtherCellsIsNotALearntSample() throws IOException {
        Path other = CellsCsv.edit(CellsCsv.samples(path("o.csv"), 17, 18), "s17,", "s3,");

        assertThat(lines(other, "p.csv"))
                .satisfiesExactly(
                        header -> {}, line -> assertThat(line).contains("s3", ",false,"), line -> assertThat(line)
                                .contains("s18", ",true,"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ,f2|,g2|embedding width: expected 3 as in the model, got 2 in c.csv
            ,age|,years|no column 'age' (a covariate of the model) in c.csv; there are:
            ,F,|,X,|covariate 'sex' of sample 's0' in c.csv is 'X'; the model expects one of F, M
            ,20,|,old,|covariate 'age' of sample 's0' in c.csv is 'old'; the model expects a finite number
            ,49,|,,|sample 's29' has no value of covariate 'age'
            ,cell6,0|,cell6,NaN|is 'NaN
            """)
    void refusesAnotherKindOfCohort(String from, String to, String expected) throws IOException {
        Files.writeString(path("p.csv"), "mine");
        Set<String> before = files();
        predict(CellsCsv.edit(cohort, from, to), "p.csv", "--overwrite --attention " + path("a.csv"))
                .assertRefused(expected);
        assertThat(files()).isEqualTo(before);
        assertThat(path("p.csv")).hasContent("mine");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "formatVersion" : 3|"formatVersion" : 4|newer gmil: expected format version 3 at most, got 4 in
            "formatVersion" : 3|"formatVersion" : null|damaged model: expected format version 1 to 3, got null
            "bernoulli"|"cauchy"|damaged model: expected values that fit together, got likelihood 'cauchy'
            "gmil-model"|"other"|damaged model: expected format gmil-model
            "trials"|"trails"|damaged model: expected a model in JSON, got something else at outcomes.0.trials
            "damping" : 0.2|"damping" : 7|damaged model: expected values that fit together, got model damping
            "width" : 3|"width" : 4|damaged model: expected values that fit together
            "sha256" : "|"sha256" : "0|damaged model: expected SHA-256 0
            "outcomes"|outcomes|damaged model: expected a model in JSON, got something else in line 4
            """)
    void refusesADamagedOrForeignModel(String from, String to, String expected) throws IOException {
        CellsCsv.edit(path("model").resolve("model.json"), from, to);

        predict(cohort, "p.csv").assertRefused(expected);
        assertThat(path("p.csv")).doesNotExist();
    }

    @Test
    void refusesACutPosteriorAndAMissingOne() throws IOException {
        Path posterior = path("model").resolve("posterior.bin");
        byte[] bytes = Files.readAllBytes(posterior);
        Files.write(posterior, Arrays.copyOf(bytes, bytes.length / 2));
        predict(cohort, "p.csv").assertRefused("damaged model: expected SHA-256", "posterior.bin");
        Files.delete(posterior);
        predict(cohort, "p.csv").assertRefused("damaged model: expected a file, got none in", "posterior.bin");
        Files.delete(path("model").resolve("model.json"));
        predict(cohort, "p.csv").assertRefused("expected a directory written by 'gmil fit'", "without model.json");
        assertThat(path("p.csv")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --top-k 3 | --top-k needs --attention FILE.csv
            --split s --train t --positive a | --positive, --split, --train: not for 'predict'
            --true-effect u | --true-effect: not for 'predict'
            --without-covariate size | --without-covariate: expected a covariate of the model (age, sex), got size
            --label status | --label: expected label as in the model, got status
            --covariates age | --covariates: expected age,sex as in the model, got age
            --likelihood binomial --trials 2 | likelihood of label: expected bernoulli as in the model, got binomial:2
            --likelihood normal | likelihood of label: expected bernoulli as in the model, got normal
            --label label=categorical | likelihood of label: expected bernoulli as in the model, got categorical
            --label label=binomial:@age | likelihood of label: expected bernoulli as in the model, got binomial:@COLUMN
            """)
    void refusesOptionsThatContradictTheModel(String arguments, String expected) {
        predict(cohort, "p.csv", arguments).assertRefused(expected);
        assertThat(path("p.csv")).doesNotExist();
    }

    /** Several calls with many samples and a last one with few; with attention each sample has a call of its own. */
    @Test
    void samplesThatArePredictedTogetherAreAsOneByOne() throws IOException {
        Path many = CellsCsv.first(path("many.csv"), 150);
        String labels = "--label label --label age=normal --label sex=categorical";
        assertThat(Run.of("fit", many.toString(), labels, "--passes 6 --overwrite --model " + path("model"))
                        .code())
                .isZero();
        assertThat(predict(many, "together.csv").err()).isEmpty();
        assertThat(predict(many, "single.csv", "--attention " + path("a.csv")).err())
                .isEmpty();
        assertThat(path("together.csv")).hasSameTextualContentAs(path("single.csv"));
        assertThat(Files.readAllLines(path("together.csv"))).hasSize(1 + 150 * 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--out", "--attention", "--attention-summary", "--cell-type sex --cell-types"})
    void refusesToWriteIntoTheModel(String option) throws IOException {
        Path file = path("model").resolve("model.json");
        byte[] before = Files.readAllBytes(file);
        Path link = Files.createSymbolicLink(path("link"), path("model"));
        String out = option.equals("--out") ? "" : " --out " + path("p.csv");
        for (Path into : List.of(file, link.resolve("model.json"), path("model").resolve("new.csv"))) {
            Run.of(
                            "predict",
                            cohort.toString(),
                            "--model " + path("model"),
                            out,
                            "--overwrite",
                            option,
                            into.toString())
                    .assertRefused("expected a file outside the model directory " + path("model") + ", got " + into);
        }
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(path("model")).isDirectoryNotContaining("glob:**.csv");
    }

    @Test
    void refusesToWriteOverAFileThatTheModelLinksTo() throws IOException {
        Path store = Files.move(path("model").resolve("model.json"), path("store.json"));
        Files.createSymbolicLink(path("model").resolve("model.json"), store);

        predict(cohort, "store.json", "--overwrite").assertRefused("expected a file outside the model directory");
        assertThat(predict(cohort, "p.csv").code()).isZero();
    }

    @Test
    void refusesOneFileUnderTwoNames() throws IOException {
        Path link = Files.createSymbolicLink(path("link"), directory);

        predict(cohort, "p.csv", "--attention " + link.resolve("p.csv"))
                .assertRefused("--out and --attention: expected two files, got");
        assertThat(path("p.csv")).doesNotExist();
    }

    @Test
    void refusesFilesThatExist() throws IOException {
        Files.writeString(path("p.csv"), "mine");
        predict(cohort, "p.csv").assertRefused("--out: " + path("p.csv") + " exists; --overwrite replaces it");
        predict(cohort, "q.csv", "--attention " + path("p.csv"))
                .assertRefused("--attention: " + path("p.csv") + " exists");
        predict(cohort, "q.csv", "--attention " + path("q.csv")).assertRefused("expected two files");
        assertThat(path("p.csv")).hasContent("mine");
        assertThat(path("q.csv")).doesNotExist();
    }
}
