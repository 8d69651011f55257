package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Bad input: one line, exit 2, and nothing was started. */
class DemoCommandTest {

    @TempDir
    private Path directory;

    private final StringWriter errors = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Gmil.commandLine();
        command.setErr(new PrintWriter(errors, true));
        return command.execute(arguments);
    }

    private void assertRefused(String expected, String... arguments) {
        assertThat(run(arguments)).isEqualTo(Gmil.BAD_INPUT);
        assertThat(errors.toString().lines()).singleElement().asString().contains(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --color | Unknown option
            --bags=1 | --bags: expected at least 2, got 1
            --bags=ten | ten
            --cells=0 --dim=0 | --cells: expected at least 1, got 0; --dim: expected at least 1, got 0
            --top-k=0 | expected a positive number or 'all', got '0'
            --kind=some | some
            --checkpoint-interval=soon | expected a time such as 500ms, 2s or 1m, got 'soon'
            --parallelism=99 | --parallelism: expected 1 to 32, got 99
            --port=70000 | --port: expected 1 to 65535, got 70000
            --label=Y | --label needs --cohort FILE
            --label=Y --split=s | --label, --split need --cohort FILE
            --cohort=c.csv --bags=5 | --bags simulate a cohort and do not go with --cohort
            --cohort=c.csv --write-cohort=d.csv | --write-cohort keeps a simulated cohort
            --cohort=c.csv --likelihood=categorical | not learnt yet: expected bernoulli or binomial
            --cohort=c.csv --likelihood=binomial | --likelihood binomial needs --trials N
            --cohort=c.csv --trials=2 | --trials needs --likelihood binomial
            --cohort=c.csv --split=s | --split COLUMN and --train VALUE go together
            --model=m | --model needs --cohort FILE
            --cohort=c.csv --model=m | --model: expected a directory written by 'gmil fit', got m, which does not exist
            --cohort=c.csv --test-fraction=1.5 | --test-fraction: expected a number between 0 and 1, got 1.5
            --cohort=c.csv --split=s --train=t --test-fraction=.2 | either --split or --test-fraction
            """)
    void refusesBadOptions(String arguments, String expected) {
        String[] all = ("demo --out=" + directory.resolve("out") + " " + arguments).split(" ", -1);
        assertRefused(expected, all);
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void refusesATakenPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            assertRefused("port " + port + " of the dashboard is taken", "demo", "--port", port);
        }
    }

    @Test
    void refusesAMissingFile() throws IOException {
        assertRefused("c.csv", "demo", "--port", freePort(), "--cohort", "c.csv", "--out", out());
        assertThat(Path.of(out())).doesNotExist();
    }

    @Test
    void refusesAFileThatIsNoCohort() throws IOException {
        Path file = directory.resolve("foreign.h5ad");
        Files.write(file, List.of("this is not HDF5"));

        assertRefused("foreign.h5ad", "demo", "--port", freePort(), "--cohort", file.toString(), "--out", out());
        assertThat(Path.of(out())).doesNotExist();
    }

    @Test
    void refusesAMissingCommand() {
        assertRefused("expected a command, for example 'demo'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --label age | --label: expected label as in the model, got age
            --covariates age | --covariates: expected age,sex as in the model, got age
            --likelihood binomial --trials 2 | likelihood of label: expected bernoulli as in the model, got binomial:2
            --embedding obsm/X_pca | --embedding: expected X as in the model, got obsm/X_pca
            --positive 1 | --positive: expected none as in the model, got 1
            """)
    void refusesAModelOfSomethingElse(String arguments, String expected) throws IOException {
        Path cohort = CellsCsv.first(directory.resolve("c.csv"), 8);
        Path model = directory.resolve("model");
        assertThat(Run.of("fit", cohort.toString(), CellsCsv.COVARIATES, "--model " + model)
                        .code())
                .isZero();
        String demo = "demo --port " + freePort() + " --model " + model + " --out " + out() + " --cohort ";
        Run.of(demo + cohort, arguments).assertRefused(expected);

        CellsCsv.edit(cohort, ",f2", ",g2");
        Run.of(demo + cohort).assertRefused("embedding width: expected 3 as in the model, got 2 in c.csv");
        CellsCsv.edit(cohort, ",F,", ",X,");
        Run.of(demo + cohort).assertRefused("is 'X'; the model expects one of F, M");
        assertThat(Path.of(out())).doesNotExist();
    }

    @Test
    void refusesAModelWithTrialsOfEachSample() throws IOException {
        Path cohort = CellsCsv.first(directory.resolve("c.csv"), 8);
        Path model = directory.resolve("model");
        Run.of("fit", cohort.toString(), "--label label=binomial:@age --model " + model);

        Run.of("demo --port " + freePort() + " --model " + model + " --out " + out() + " --cohort " + cohort)
                .assertRefused(
                        "a stream: expected the same trials of every sample, got outcome label=binomial:@COLUMN",
                        "offline only");
        assertThat(Path.of(out())).doesNotExist();
    }

    @Test
    void refusesASampleWithoutCovariateAlsoWhereItHasNoLabel() throws IOException {
        Path cohort = CellsCsv.first(directory.resolve("c.csv"), 8);
        int label = Integer.parseInt(Files.readAllLines(cohort).get(56).split(",", -1)[1]);
        CellsCsv.edit(cohort, "s7," + label + ",27,", "s7,,,");

        Run.of("demo --port " + freePort() + " --out " + out() + " --covariates age --cohort " + cohort)
                .assertRefused("sample 's7' has no value of covariate 'age' in c.csv");
        assertThat(Path.of(out())).doesNotExist();
    }

    private String out() {
        return directory.resolve("out").toString();
    }

    private static String freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return Integer.toString(free.getLocalPort());
        }
    }
}
