package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The whole command on a small file. */
class EvaluateCommandTest {

    @TempDir
    private Path directory;

    private Path cohort;
    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    /** 24 samples of 12 patients; in each one a single marked cell tells the label. */
    @BeforeEach
    void writeCohort() throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("bag_id,donor,label,one,effect,thousands,site,trials,hits,f0,f1\n");
        for (int bag = 0; bag < 24; bag++) {
            int label = bag % 4 / 2;
            for (int cell = 0; cell < 5; cell++) {
                double marked = cell == bag % 5 ? 5 : random.nextGaussian();
                double telling = cell == bag % 5 ? 3 * label - 1.5 : random.nextGaussian();
                csv.append(String.format(
                        Locale.ROOT,
                        "s%d,d%d,%d,1,%d,%d,site %d,%d,%d,%.4f,%.4f%n",
                        bag,
                        bag / 2,
                        label,
                        label,
                        1000 * label,
                        bag / 2 % 3,
                        bag % 3 + 1,
                        label * (bag % 3 + 1),
                        marked,
                        telling));
            }
        }
        cohort = directory.resolve("c.csv");
        Files.writeString(cohort, csv);
    }

    private int run(String... arguments) {
        CommandLine command = Gmil.commandLine();
        command.setOut(new PrintWriter(output, true));
        command.setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }

    /** What {@code --json} writes of two folds by donor. */
    private ObjectNode json(String name, String... more) throws IOException {
        return report(name, with(more, "--by", "donor"));
    }

    private ObjectNode report(String name, String... more) throws IOException {
        Path file = directory.resolve(name);
        String[] arguments = {"evaluate", cohort.toString(), "--folds", "2", "--json", file.toString()};
        assertThat(run(with(arguments, more))).as(errors.toString()).isZero();
        return (ObjectNode) new ObjectMapper().readTree(file.toFile());
    }

    private static String[] with(String[] options, String... more) {
        String[] all = Arrays.copyOf(options, options.length + more.length);
        System.arraycopy(more, 0, all, options.length, more.length);
        return all;
    }

    @Test
    void theSameSeedGivesTheSameFiguresOfEveryModel() throws IOException {
        ObjectNode first = json("first.json", "--repeats", "2", "--true-effect", "effect");
        ObjectNode second = json("second.json", "--repeats", "2", "--true-effect", "effect");

        assertThat(first.get("seconds").asDouble()).isPositive();
        first.remove("seconds");
        second.remove("seconds");
        assertThat(second).isEqualTo(first);
        assertThat(first.get("folds").asInt()).isEqualTo(2);
        assertThat(first.get("repeats").asInt()).isEqualTo(2);
        assertThat(first.get("bags").asInt()).isEqualTo(24);
        assertThat(first.get("cells").asInt()).isEqualTo(120);
        for (String model : new String[] {"gmil", "glmmMean", "meanField", "fixedEffects", "gatedAttention"}) {
            JsonNode figures = first.at("/models/" + model);
            assertThat(figures.at("/auc/mean").asDouble()).as(model).isBetween(0.5, 1.0);
            assertThat(figures.at("/auc/sd").isNumber()).isTrue();
            assertThat(figures.at("/logLoss/mean").asDouble()).isPositive();
        }
        assertThat(first.at("/models/gmil/coverage90/mean").asDouble()).isBetween(0.0, 1.0);
        assertThat(first.at("/models/gatedAttention/coverage90/mean").isNull()).isTrue();
        assertThat(first.at("/attentionHelped/auc/mean").asDouble())
                .isCloseTo(
                        first.at("/models/gmil/auc/mean").asDouble()
                                - first.at("/models/glmmMean/auc/mean").asDouble(),
                        within(1e-12));
    }

    @Test
    void onlyTheModelsThatWereAskedForAreFitted() throws IOException {
        ObjectNode report = json("some.json", "--repeats", "1", "--models", "glmmmean");

        assertThat(report.get("models").fieldNames()).toIterable().containsExactly("glmmMean");
        assertThat(report.get("attentionHelped").isNull()).isTrue();
        assertThat(report.at("/models/glmmMean/auc/sd").isNull()).isTrue();
        assertThat(output.toString())
                .contains("mean pooling")
                .contains("24 bags, 120 cells; 2 folds × 1, seed 0")
                .doesNotContain("GMIL");
    }

    /** The labels 0 and 1 as names of classes. */
    @Test
    void everyModelIsJudgedOnClasses() throws IOException {
        String options = "--repeats 2 --likelihood categorical --heads 2 --random-intercept site";
        ObjectNode report = json("classes.json", options.split(" ", -1));

        assertThat(report.get("models").fieldNames())
                .toIterable()
                .containsExactly(
                        "gmil", "glmmMean", "meanField", "fixedEffects", "gatedAttention", "heads", "randomIntercept");
        assertThat(report.get("absent")).isEmpty();
        for (JsonNode figures : report.get("models")) {
            assertThat(figures.at("/auc/mean").asDouble()).isBetween(0.5, 1.0);
            assertThat(figures.at("/accuracy/mean").asDouble()).isBetween(0.5, 1.0);
            for (String figure : new String[] {"auc", "accuracy", "logLoss", "brier"}) {
                assertThat(figures.get(figure).get("mean").isNumber())
                        .as(figure)
                        .isTrue();
                assertThat(figures.get(figure).get("sd").isNumber()).as(figure).isTrue();
            }
        }
        assertThat(report.at("/models/gmil/auc/mean").asDouble()).isGreaterThan(0.7);
        assertThat(output.toString()).contains("accuracy").contains("calibration");
    }

    /** Two folds of two patients: too few for a validation part of the network, and enough for all others. */
    @Test
    void aModelThatTakesMorePatientsIsAbsent() throws IOException {
        cohort = directory.resolve("tiny.csv");
        Files.writeString(cohort, "bag_id,label,f0\na,0,1\nb,0,2\nc,1,3\nd,1,4.5\n");
        ObjectNode report = report("tiny.json", "--repeats", "1");

        assertThat(report.get("models").fieldNames())
                .toIterable()
                .containsExactly("gmil", "glmmMean", "meanField", "fixedEffects");
        assertThat(report.get("absent").get(0).asText()).isEqualTo("gatedAttention");
        String reason = "expected at least 4 labelled patients to learn from in every fold, got 2";
        assertThat(report.at("/absentBecause/gatedAttention").asText()).isEqualTo(reason);
        assertThat(output.toString()).contains("gated attention   absent: " + reason);
        assertThat(run("evaluate", cohort.toString(), "--folds", "2", "--models", "gatedAttention"))
                .isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString()).contains("--models gatedAttention: " + reason);
    }

    @Test
    void startsAndPassesAreThoseOfTheFits() throws IOException {
        String[] options = {"--repeats", "1", "--models", "gmil,glmmMean"};
        ObjectNode usual = json("usual.json", options);
        ObjectNode more = json("more.json", with(options, "--starts", "3", "--passes", "7"));

        assertThat(usual.get("passes").asInt()).isEqualTo(20);
        assertThat(usual.get("starts").asInt()).isEqualTo(1);
        assertThat(more.get("passes").asInt()).isEqualTo(7);
        assertThat(more.get("starts").asInt()).isEqualTo(3);
        assertThat(more.at("/models/gmil")).isNotEqualTo(usual.at("/models/gmil"));
    }

    /** Effects of the batches are strong: who knows them tells the three classes better. */
    @Test
    void severalClassesTakeHeadsAndRandomIntercepts() throws IOException {
        cohort = directory.resolve("sim.csv");
        String size = "--bags 60 --test-bags 0 --cells 4 --dim 3 --seed 1";
        String law = "--likelihood categorical --classes 3 --groups 3 --v-group 4";
        assertThat(run(("simulate --out " + cohort + " " + size + " " + law).split(" ", -1)))
                .isZero();
        String options = "--repeats 1 --likelihood categorical --heads 2 --random-intercept batch"
                + " --true-effect u_true --true-intercept -1";
        ObjectNode report = report("classes.json", (options + " --models gmil").split(" ", -1));

        assertThat(report.get("bags").asInt()).isEqualTo(60);
        assertThat(report.at("/models/heads/auc/mean").asDouble()).isBetween(0.4, 1.0);
        assertThat(report.at("/randomInterceptHelped/auc/mean").asDouble()).isBetween(0.0, 0.5);
        assertThat(report.at("/randomInterceptHelped/positive").asDouble()).isEqualTo(1);
        for (JsonNode figures : report.get("models")) {
            assertThat(figures.at("/calibrationSlope/mean").isNumber()).isTrue();
            assertThat(figures.at("/coverage90/mean").asDouble()).isBetween(0.3, 1.0);
            assertThat(figures.at("/coverage90Uncentred/mean").asDouble()).isBetween(0.2, 1.0);
        }
    }

    /** The label in thousands: figures but RMSE do not depend on the unit. */
    @Test
    void numbersAreJudgedInTheirUnit() throws IOException {
        String models = "gmil,glmmMean,gatedAttention";
        String[] options = {"--repeats", "1", "--models", models, "--true-effect", "effect"};
        ObjectNode ones = json("ones.json", with(options, "--label", "label=normal"));
        ObjectNode thousands = json("thousands.json", with(options, "--label", "thousands=normal"));

        JsonNode gmil = thousands.at("/models/gmil");
        assertThat(gmil.at("/r2/mean").asDouble())
                .isBetween(0.2, 1.0)
                .isCloseTo(ones.at("/models/gmil/r2/mean").asDouble(), within(1e-6));
        assertThat(gmil.at("/rmse/mean").asDouble())
                .isCloseTo(1000 * ones.at("/models/gmil/rmse/mean").asDouble(), within(1e-3));
        assertThat(gmil.at("/labelCoverage90/mean").asDouble()).isBetween(0.6, 1.0);
        assertThat(gmil.at("/coverage90/mean").isNumber()).isTrue();
        assertThat(gmil.at("/auc/mean").isNull()).isTrue();
        JsonNode network = thousands.at("/models/gatedAttention");
        assertThat(network.at("/r2/mean").asDouble()).isBetween(-0.5, 1.0);
        assertThat(network.at("/rmse/mean").asDouble()).isBetween(1.0, 1000.0);
        assertThat(network.at("/labelCoverage90/mean").isNull()).isTrue();
        assertThat(thousands.at("/attentionHelped/r2/mean").asDouble())
                .isCloseTo(
                        gmil.at("/r2/mean").asDouble()
                                - thousands.at("/models/glmmMean/r2/mean").asDouble(),
                        within(1e-12));
        assertThat(output.toString()).contains("90 % of labels").contains("attention: R2 ");
    }

    /** Each by itself beside GMIL; patients of a site are in several folds. */
    @Test
    void headsAndRandomInterceptsAreComparedWithGmil() throws IOException {
        ObjectNode report = json(
                "more.json",
                "--repeats 1 --models gmil --heads 2 --random-intercept site --true-effect effect".split(" ", -1));

        assertThat(report.get("models").fieldNames()).toIterable().containsExactly("gmil", "heads", "randomIntercept");
        double gmil = report.at("/models/gmil/auc/mean").asDouble();
        assertThat(report.at("/headsHelped/auc/mean").asDouble())
                .isCloseTo(report.at("/models/heads/auc/mean").asDouble() - gmil, within(1e-12));
        assertThat(report.at("/randomInterceptHelped/auc/mean").asDouble())
                .isCloseTo(report.at("/models/randomIntercept/auc/mean").asDouble() - gmil, within(1e-12));
        assertThat(report.at("/models/randomIntercept/logLoss/mean").asDouble())
                .isNotEqualTo(report.at("/models/gmil/logLoss/mean").asDouble());
        assertThat(report.at("/models/randomIntercept/coverage90/mean").asDouble())
                .isBetween(0.5, 1.0);
        assertThat(output.toString()).contains("2 heads: AUC ").contains("random intercept: AUC ");
    }

    /** 1, 2 or 3 trials, all of them successes or none: with one n for all, some labels would be impossible. */
    @Test
    void eachLabelHasItsOwnTrials() throws IOException {
        ObjectNode report =
                json("trials.json", "--repeats", "1", "--label", "hits=binomial:@trials", "--models", "gmil");

        assertThat(report.at("/models/gmil/auc/mean").asDouble()).isBetween(0.7, 1.0);
        assertThat(report.at("/models/gmil/brier/mean").asDouble()).isBetween(0.0, 0.25);
    }

    @Test
    void theCohortIsNotReplacedByItsFigures() throws IOException {
        byte[] before = Files.readAllBytes(cohort);

        assertThat(run("evaluate", cohort.toString(), "--json", cohort.toString()))
                .isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString()).contains("--json: expected a file that is not read as well, got " + cohort);
        assertThat(Files.readAllBytes(cohort)).isEqualTo(before);
    }

    @Test
    void theCohortIsNotReplacedWhateverLinkLeadsThere() throws IOException {
        byte[] before = Files.readAllBytes(cohort);
        Path symbolic = Files.createSymbolicLink(cohort.resolveSibling("symbolic.csv"), cohort);
        Path hard = Files.createLink(cohort.resolveSibling("hard.csv"), cohort);
        for (Path link : List.of(symbolic, hard)) {
            assertThat(run("evaluate", link.toString(), "--json", cohort.toString()))
                    .isEqualTo(Gmil.BAD_INPUT);
            assertThat(run("evaluate", cohort.toString(), "--json", link.toString()))
                    .isEqualTo(Gmil.BAD_INPUT);
        }
        assertThat(Files.readAllBytes(cohort)).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --folds=1 | --folds: expected at least 2, got 1
            --repeats=0 | --repeats: expected at least 1, got 0
            --folds=20 | too few samples for 20 folds: expected at least 20 labelled patients, got 12
            --folds=8 | at least 8 patients with label 1, got 6; --folds 6 would do
            --label=one | expected labels of both classes, got only 1
            --models=abmil | gmil, glmmMean, meanField, fixedEffects, gatedAttention
            --by=nobody | nobody
            --by=donor --patient=bag_id | --by donor and --patient bag_id name the same column
            --cohort=d.csv | expected one cohort, got
            --test-fraction=.2 | do not go with this command
            --json=/no/such/directory/f.json | expected a file in a directory that exists
            --label=label --label=one=normal | --label: expected one label, got label, one; evaluate them one by one
            --label=one=normal | expected labels that differ, got only 1.0 of 12 labelled patients
            --heads=0 | --heads: expected at least 1, got 0
            --models=heads | --models heads needs --heads H of at least 2
            --models=randomIntercept | --models randomIntercept needs --random-intercept COLUMN
            --starts=0 | --starts: expected at least 1, got 0
            --passes=0 | --passes: expected at least 1, got 0
            --true-intercept=1 | --true-intercept needs --true-effect COLUMN
            --true-effect=nothing --likelihood=categorical | no column 'nothing'
            --random-intercept=nowhere | nowhere
            """)
    void refusesBadInputInOneLine(String arguments, String expected) {
        String by = arguments.contains("--by") ? "" : " --by=donor";
        String[] all = ("evaluate " + cohort + by + " " + arguments).split(" ", -1);

        assertThat(run(all)).isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString().lines()).singleElement().asString().contains(expected);
    }

    @Test
    void refusesAMissingCohort() {
        assertThat(run("evaluate")).isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString().lines())
                .singleElement()
                .asString()
                .contains("gmil evaluate: expected a cohort: --cohort FILE");
    }
}
