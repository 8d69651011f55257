package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FitCommandTest {

    @TempDir
    private Path directory;

    private Path cohort;

    @BeforeEach
    void writeCohort() throws IOException {
        cohort = CellsCsv.first(directory.resolve("c.csv"), 40);
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private Run fit(String model, String more) {
        return Run.of("fit", cohort.toString(), CellsCsv.COVARIATES, "--model " + path(model), more);
    }

    private List<String> withoutTime(String model) throws IOException {
        return Files.readAllLines(path(model).resolve("model.json")).stream()
                .filter(line -> !line.contains("\"createdAt\"") && !line.contains("\"seconds\""))
                .toList();
    }

    private byte[] posterior(String model) throws IOException {
        return Files.readAllBytes(path(model).resolve("posterior.bin"));
    }

    @Test
    void theSameDataAndSeedGiveTheSameModel() throws IOException {
        assertThat(fit("a", "--test-fraction 0.25").code()).isZero();
        assertThat(fit("b", "--test-fraction 0.25").code()).isZero();
        assertThat(fit("c", "--test-fraction 0.25 --seed 7").code()).isZero();

        assertThat(posterior("b")).isEqualTo(posterior("a")).isNotEqualTo(posterior("c"));
        assertThat(withoutTime("b")).isEqualTo(withoutTime("a"));
        assertThat(path("a")).isDirectoryNotContaining(file -> file.toString().endsWith(".part"));
    }

    @Test
    void theModelSaysWhereItComesFrom() throws IOException {
        fit("a", "--passes 3");

        assertThat(path("a").resolve("model.json"))
                .content()
                .contains("\"formatVersion\" : 3", "\"likelihood\" : \"bernoulli\"", "\"phase\" : \"LINEARISED\"")
                .contains("\"name\" : \"age\"", "\"values\" : [ \"F\", \"M\" ]")
                .contains("\"samples\" : 40", "\"cells\" : 280", "\"passes\" : 3", "\"seed\" : 42", "\"s39\" : ");
    }

    @Test
    void endsWithFiguresAndTheNextStep() {
        Run run = fit("a", "--test-fraction 0.25");

        assertThat(run.out())
                .contains("Learning 30 of 40 samples (210 cells, 3 features), 12 passes ...")
                .containsPattern("training +test")
                .containsPattern("log loss +0\\.\\d+ +\\d\\.\\d+")
                .contains("Next: ./gmil predict --model " + path("a") + " --cohort " + cohort);
        assertThat(fit("b", "").out())
                .doesNotContainPattern("training +test")
                .contains("--test-fraction 0.2 holds some out");
    }

    @Test
    void predictsEachSampleWithoutItself() throws IOException {
        Run run = fit("a", "--test-fraction 0.25 --leave-one-out " + path("loo.csv"));

        assertThat(run.out())
                .containsPattern("training +test +leave-one-out")
                .containsPattern("log loss +0\\.\\d+ +\\d\\.\\d+ +\\d\\.\\d+ ");
        List<String> lines = Files.readAllLines(path("loo.csv"));
        assertThat(lines).hasSize(31);
        assertThat(lines.get(0))
                .isEqualTo(
                        "sample_id,patient_id,outcome,label,eta_mean,eta_sd,probability,lower,upper,influence,leverage");
        assertThat(lines.subList(1, 31)).allMatch(line -> line.matches("s\\d+,s\\d+,label,[01]\\.0(,-?[\\d.E-]+){7}"));
        fit("b", "--test-fraction 0.25");
        assertThat(posterior("b")).isEqualTo(posterior("a"));
        fit("c", "--leave-one-out " + path("loo.csv")).assertRefused("--leave-one-out: ", "exists; --overwrite");
        assertThat(path("c")).doesNotExist();
    }

    @Test
    void refusesToWriteIntoTheModel() throws IOException {
        assertThat(fit("a", "").code()).isZero();
        byte[] before = Files.readAllBytes(path("a").resolve("model.json"));
        fit("a", "--overwrite --seed 1 --leave-one-out " + path("a").resolve("model.json"))
                .assertRefused("--leave-one-out: expected a file outside the model directory " + path("a") + ", got");
        assertThat(Files.readAllBytes(path("a").resolve("model.json"))).isEqualTo(before);

        fit("b", "--leave-one-out " + path("b")).assertRefused("expected a file outside the model directory");
        assertThat(path("b")).doesNotExist();
        Run.of("export --model " + path("a"), "--out " + path("a").resolve("a.npz"))
                .assertRefused("--out: expected a file outside the model directory");
    }

    @Test
    void aSampleThatIsNotLearntMayLackACovariate() throws IOException {
        assertThat(fit("a", "").code()).isZero();
        int label = Integer.parseInt(Files.readAllLines(cohort).get(280).split(",", -1)[1]);
        CellsCsv.edit(cohort, "s39," + label + ",59,", "s39,,,");

        assertThat(fit("b", "").out()).contains("Learning 39 of 40 samples");
        Run.of("predict", cohort.toString(), "--model " + path("a"), "--out " + path("p.csv"))
                .assertRefused("sample 's39' has no value of covariate 'age'");
        CellsCsv.edit(cohort, "s39,,,", "s39," + label + ",,");
        fit("c", "").assertRefused("sample 's39' has no value of covariate 'age'");
    }

    @Test
    void trialsOfEachSampleAreThoseOfThePrediction() {
        assertThat(Run.of("fit", cohort.toString(), "--label label=binomial:@age --model " + path("a"))
                        .code())
                .isZero();
        String predict = "predict " + cohort + " --overwrite --model " + path("a") + " --out " + path("p.csv");
        assertThat(Run.of(predict, "--label label=binomial:@age").code()).isZero();
        Run.of(predict, "--label label=bernoulli")
                .assertRefused("likelihood of label: expected binomial:@COLUMN as in the model, got bernoulli");
        Run.of(predict, "--likelihood binomial --trials 2")
                .assertRefused("likelihood of label: expected binomial:@COLUMN as in the model, got binomial:2");
    }

    @Test
    void whatIsToBeCopiedIsQuoted() {
        assertThat(ShellWord.of("a/b-c.csv.gz")).isEqualTo("a/b-c.csv.gz");
        assertThat(ShellWord.of("it's >60")).isEqualTo("'it'\\''s >60'");
    }

    @Test
    void testSamplesAreNotLearnt() throws IOException {
        fit("a", "--test-fraction 0.25");
        Path only = CellsCsv.samples(
                directory.resolve("only.csv"),
                Files.readAllLines(path("a").resolve("model.json")).stream()
                        .map(String::strip)
                        .filter(line -> line.matches("\"s\\d+\" : .*"))
                        .mapToInt(line -> Integer.parseInt(line.substring(2, line.indexOf('"', 2))))
                        .toArray());
        cohort = only;
        fit("b", "");

        assertThat(posterior("b")).isEqualTo(posterior("a"));
    }

    @Test
    void refusesADirectoryThatIsNotEmpty() throws IOException {
        Path mine = Files.writeString(Files.createDirectory(path("a")).resolve("mine.txt"), "mine");

        fit("a", "").assertRefused("is not empty; --overwrite replaces the model in it");
        assertThat(path("a")).isDirectoryNotContaining("glob:**.json");
        assertThat(fit("a", "--overwrite").code()).isZero();
        assertThat(fit("a", "--overwrite --seed 1").code()).isZero();
        assertThat(mine).hasContent("mine");
        assertThat(withoutTime("a")).contains("    \"seed\" : 1,");
    }

    @Test
    void severalLabelsAreLearntTogetherAndPredictedInTheirUnits() throws IOException {
        Run run = Run.of(
                "fit",
                cohort.toString(),
                "--label label --label age=normal --label sex=categorical --heads 2 --starts 2 --model " + path("a"),
                "--leave-one-out " + path("loo.csv"));
        assertThat(run.out())
                .contains("age   ", "sex   ")
                .containsPattern("RMSE +\\d+\\.\\d+")
                .contains("accuracy");
        assertThat(path("a").resolve("posterior-2-1.bin")).exists();
        assertThat(Files.readAllLines(path("loo.csv"))).hasSize(1 + 40 * 4);

        assertThat(Run.of("predict", cohort.toString(), "--model " + path("a"), "--out " + path("p.csv"))
                        .code())
                .isZero();
        List<String[]> rows = Files.readAllLines(path("p.csv")).stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
        assertThat(rows).hasSize(40 * 4);
        assertThat(rows.subList(0, 4)).extracting(row -> row[1]).containsExactly("label", "age", "sex=F", "sex=M");
        for (int i = 0; i < rows.size(); i += 4) {
            assertThat(rows.get(i + 1)[6]).isEmpty();
            assertThat(Double.parseDouble(rows.get(i + 1)[3])).isBetween(15.0, 65.0); // ages are 20 to 59
            double classes = Double.parseDouble(rows.get(i + 2)[6]) + Double.parseDouble(rows.get(i + 3)[6]);
            assertThat(classes).isCloseTo(1, within(1e-9));
        }
        Run.of("export", "--model " + path("a"), "--out " + path("a.npz"))
                .assertRefused("expected a model with one head and without random intercepts, got 2 heads");
    }

    @Test
    void theAuthorsLoopGivesAModelLikeAnyOther() throws IOException {
        Run run = fit("a", "--method reference --passes 30 --test-fraction 0.25");
        assertThat(run.out()).containsPattern("log loss +0\\.\\d+ +0\\.\\d+");
        assertThat(path("a").resolve("model.json")).content().contains("\"method\" : \"reference\"", "\"passes\" : 30");
        assertThat(Run.of("predict", cohort.toString(), "--model " + path("a"), "--out " + path("p.csv"))
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --passes 0 | --passes: expected at least 1, got 0
            --starts 0 | --starts: expected at least 1, got 0
            --heads 0 | --heads: expected at least 1, got 0
            --posterior wide | expected full, mean-field or low-rank, got 'wide'
            --method adam | expected natural-gradient or reference, got 'adam'
            --method reference --heads 2 | --method reference has neither --random-intercept, --heads
            --method reference --label age=normal | expected outcomes that are categorical, Bernoulli or binomial
            --method reference --posterior low-rank | expected --posterior full or mean-field, got low-rank
            --label nowhere | no column 'nowhere' in c.csv
            --cohort d.csv | expected one cohort, got
            --split sex --train X | no sample has the --train value
            """)
    void refusesBadOptions(String arguments, String expected) {
        fit("a", arguments).assertRefused(expected);
        assertThat(path("a")).doesNotExist();
    }

    @Test
    void aDamagedCellLeavesNothingBehind() throws IOException {
        String last = Files.readAllLines(cohort).get(280);
        CellsCsv.edit(cohort, last, last.substring(0, last.lastIndexOf(',')) + ",NaN");

        fit("a", "").assertRefused("column 'f2' is 'NaN' in row 280", "sample 's39'");
        assertThat(path("a")).doesNotExist();
    }

    @Test
    void withoutALabelThereIsNothingToLearn() throws IOException {
        CellsCsv.edit(cohort, "bag_id,label", "bag_id,status");

        fit("a", "").assertRefused("expected at least one training sample with a label, got none", "--label");
        assertThat(path("a")).doesNotExist();
    }

    @Test
    void needsACohortAndAPlaceForTheModel() throws IOException {
        Run.of("fit --model", path("a").toString()).assertRefused("expected a cohort: --cohort FILE");
        Run.of("fit", cohort.toString()).assertRefused("--model");
        Run.of("fit", cohort.toString(), "--model", cohort.toString())
                .assertRefused("expected a directory, got the file");
    }

    @Test
    void saysTheEvidenceLowerBoundOfEachOutcome() throws IOException {
        CellsCsv.edit(cohort, "bag_id,label,age,", "bag_id,label,tries,"); // 20 to 59
        Run run = Run.of(
                "fit",
                cohort.toString(),
                "--label label=binomial:@tries --label sex=categorical --passes 5 --model " + path("a"));
        assertThat(run.out().lines().filter(line -> line.matches("ELBO +-\\d+\\.\\d +evidence lower bound, nats; .*")))
                .hasSize(2);
        assertThat(path("a").resolve("model.json"))
                .content()
                .containsPattern("\"seconds\" : \\d+\\.\\d+")
                .containsPattern(
                        "\"evidenceLowerBound\" : \\{\\s+\"label\" : -\\d+\\.\\d+,\\s+\"sex\" : -\\d+\\.\\d+\\s+}")
                .contains("\"label\" : \"label=binomial:@tries\"");
    }

    @Test
    void theAuthorsLoopTakesClassesAndSeveralLabels() throws IOException {
        List<String> lines = Files.readAllLines(cohort);
        lines.set(0, lines.get(0) + ",grade");
        for (int i = 1; i < lines.size(); i++) {
            int sample = Integer.parseInt(lines.get(i).substring(1, lines.get(i).indexOf(',')));
            lines.set(i, lines.get(i) + "," + "abc".charAt(sample % 3));
        }
        Files.write(cohort, lines);
        String labels = "--label label --label grade=categorical ";
        Run run = Run.of("fit", cohort.toString(), labels + "--method reference --passes 3 --model " + path("a"));
        assertThat(run.out()).contains("accuracy", "label ", "grade ").doesNotContain("ELBO");
        assertThat(Run.of("predict", cohort.toString(), "--model " + path("a"), "--out " + path("p.csv"))
                        .code())
                .isZero();
        assertThat(Files.readAllLines(path("p.csv"))).hasSize(1 + 40 * 4);
        Run.of("fit", cohort.toString(), "--label sex=categorical --method reference --model " + path("b"))
                .assertRefused("--method reference: ", "3 classes or more");
    }
}
