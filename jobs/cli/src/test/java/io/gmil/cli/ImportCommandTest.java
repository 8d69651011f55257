package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cli.exchange.TestTensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {

    private static final int WIDTH = 3;

    @TempDir
    private Path directory;

    private Path cohort;

    @BeforeEach
    void writeCohort() throws IOException {
        cohort = CellsCsv.first(path("c.csv"), 30);
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private Run fit(String model, String more) {
        Run run = Run.of("fit", cohort.toString(), CellsCsv.COVARIATES, "--model " + path(model), more);
        assertThat(run.err()).isEmpty();
        return run;
    }

    private Run importing(String file, String model, String... more) {
        return Run.of("import " + path(file) + " --model " + path(model), String.join(" ", more));
    }

    /** Numbers of the predictions by a model, without header. */
    private List<double[]> predict(String model) throws IOException {
        Run run =
                Run.of("predict", cohort.toString(), "--model " + path(model) + " --overwrite --out " + path("p.csv"));
        assertThat(run.err()).isEmpty();
        List<double[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(path("p.csv")).subList(1, 31)) {
            String[] fields = line.split(",", -1);
            rows.add(
                    Arrays.stream(fields, 3, 9).mapToDouble(Double::parseDouble).toArray());
        }
        return rows;
    }

    private static void assertSame(List<double[]> got, List<double[]> expected, double tolerance) {
        assertThat(got).hasSameSizeAs(expected);
        for (int i = 0; i < got.size(); i++) {
            assertThat(got.get(i)).usingComparatorWithPrecision(tolerance).containsExactly(expected.get(i));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"e.npz", "e.safetensors"})
    void whatIsExportedPredictsTheSameWhenItIsBack(String file) throws IOException {
        fit("a", "--passes 6");
        assertThat(Run.of("export --model " + path("a") + " --out " + path(file))
                        .err())
                .isEmpty();
        Run run = importing(file, "b");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains(file + " imported", "model in " + path("b"));
        assertSame(predict("b"), predict("a"), 1e-12);
        assertThat(path("p.csv")).content().contains(",1,30,true,OK");
        assertThat(path("b").resolve("model.json"))
                .content()
                .contains(
                        "\"imported\" : \"" + file + "\"", "\"imported-sha256\" : \"", "\"values\" : [ \"F\", \"M\" ]");
        importing(file, "c", "--likelihood bernoulli").assertRefused("which knows them");
        assertThat(path("c")).doesNotExist();
    }

    /** Two outcomes of the authors' model; the second is that of the first with γ and z the other way round. */
    private void writeAuthorsFile(Map<String, double[]> changed) throws IOException {
        Map<String, double[]> arrays = new TreeMap<>(Map.of(
                "alpha 3 2", new double[] {.1, -.1, .2, -.2, .3, -.3},
                "log_sigma_u 2", new double[] {-.2, -.2},
                "log_sigma_z 1 2", new double[] {-.3, -.3},
                "posterior.mu 2 6", new double[] {.5, -.3, .2, .4, .1, -.6, -.5, .3, -.2, -.4, -.1, .6},
                "posterior.cov_factor 2 6 1", new double[] {.1, 0, .1, 0, .1, .2, .1, 0, .1, 0, .1, .2},
                "posterior.cov_logdiag 2 6", new double[] {-3, -3, -3, -3, -3, -3, -4, -4, -4, -4, -4, -4},
                "scale_mean 2", new double[] {.2, .3},
                "scale_std 2", new double[] {.7, .8}));
        arrays.putAll(changed);
        arrays.values().removeIf(values -> values.length == 0);
        TestTensors.write(path("authors.npz"), arrays);
    }

    @Test
    void oneOfSeveralOutcomesIsTaken() throws IOException {
        writeAuthorsFile(Map.of());
        importing("authors.npz", "a", CellsCsv.COVARIATES)
                .assertRefused(
                        "--outcome-index: expected 0 to 1 as there are 2 outcomes, got none",
                        "where they are classes of one outcome, --likelihood categorical");
        importing("authors.npz", "a", CellsCsv.COVARIATES, "--outcome-index 2")
                .assertRefused("expected 0 to 1", "got 2");
        assertThat(importing("authors.npz", "a", CellsCsv.COVARIATES, "--outcome-index 1")
                        .err())
                .isEmpty();
        double[] mean = posteriorMean("a");

        assertThat(mean).startsWith(-.1, -.2, -.3, -.5, .3, -.2);
        assertThat(mean[6]).isCloseTo(-.4 / .8, within(1e-12));
        assertThat(path("a").resolve("model.json"))
                .content()
                .contains("\"outcome-index\" : \"1\"", "\"cohort\" : \"imported from authors.npz\"");
    }

    /** Lines of predictions but for the time: numbers, and NaN for what is none. */
    private List<double[]> allNumbers(String model) throws IOException {
        Run run =
                Run.of("predict", cohort.toString(), "--model " + path(model) + " --overwrite --out " + path("p.csv"));
        assertThat(run.err()).isEmpty();
        return Files.readAllLines(path("p.csv")).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(",", -1), 3, 11)
                        .mapToDouble(field -> field.isEmpty() ? Double.NaN : Double.parseDouble(field))
                        .toArray())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"e.npz, --posterior full", "e.safetensors, --posterior mean-field"})
    void severalOutcomesComeBackWithTheirClassesAndUnits(String file, String posterior) throws IOException {
        String labels = "--label label --label age=normal --label sex=categorical ";
        Run.of("fit", cohort.toString(), "--passes 6 --model " + path("a"), labels + posterior);
        Run exported = Run.of("export --model " + path("a") + " --out " + path(file));
        assertThat(exported.err()).isEmpty();
        assertThat(TestTensors.read(path(file), "mu")).hasSize(4 * 2 * WIDTH);
        importing(file, "b", "--outcome-index 0").assertRefused("--outcome-index", "which knows them");
        Run run = importing(file, "b");

        assertThat(run.err()).isEmpty();
        List<double[]> expected = allNumbers("a");
        assertThat(expected).hasSize(4 * 30);
        assertSame(allNumbers("b"), expected, 1e-12);
        assertThat(Run.of("export --overwrite --outcome sex --model " + path("a") + " --out " + path(file))
                        .err())
                .isEmpty();
        assertThat(importing(file, "c").err()).isEmpty();
        assertSame(
                allNumbers("c"),
                IntStream.range(0, expected.size())
                        .filter(i -> i % 4 >= 2)
                        .mapToObj(expected::get)
                        .toList(),
                1e-12);
    }

    /** η of each class is that of the column imported by itself, though their effects are opposite and their means are not. */
    @Test
    void classesOfTheAuthorsAreTakenTogether() throws IOException {
        writeNumericCohort();
        CellsCsv.edit(cohort, "s3,1,", "s3,0,");
        writeAuthorsFile(Map.of());
        for (String scale : List.of("", " --cohort " + cohort)) {
            String usual = CellsCsv.COVARIATES + " --overwrite" + scale;
            importing("authors.npz", "a", usual, "--likelihood categorical --classes x,y,z")
                    .assertRefused("--classes: expected 2 names, one of each column, got 3");
            Run run = importing("authors.npz", "a", usual, "--likelihood categorical --classes x,y");
            assertThat(run.err()).isEmpty();
            List<double[]> classes = allNumbers("a");
            for (int c = 0; c < 2; c++) {
                assertThat(importing("authors.npz", "b", usual, "--outcome-index " + c)
                                .err())
                        .isEmpty();
                List<double[]> one = allNumbers("b");
                for (int i = 0; i < one.size(); i++) {
                    assertThat(classes.get(2 * i + c)[0]).isCloseTo(one.get(i)[0], within(1e-9));
                }
            }
            double both = classes.get(0)[3] + classes.get(1)[3];
            assertThat(both).as("probabilities").isCloseTo(1, within(1e-12));
        }
        assertThat(path("a").resolve("model.json")).content().contains("\"classes\" : [ \"x\", \"y\" ]");
        assertThat(importing("authors.npz", "d", CellsCsv.COVARIATES, "--likelihood categorical")
                        .err())
                .isEmpty();
        assertThat(path("d").resolve("model.json")).content().contains("\"classes\" : [ \"0\", \"1\" ]");
    }

    @Test
    void theScaleIsThatOfLabelledTrainingSamples() throws IOException {
        writeNumericCohort();
        writeAuthorsFile(Map.of());
        CellsCsv.edit(CellsCsv.edit(cohort, "s3,0,", "s3,,"), "s3,1,", "s3,,");
        CellsCsv.edit(CellsCsv.edit(cohort, "s4,0,", "s4,,"), "s4,1,", "s4,,");
        Run run = importing("authors.npz", "a", CellsCsv.COVARIATES + " --outcome-index 0 --cohort " + cohort);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("on the scale of 28 training samples");
    }

    @Test
    void exportRefusesWhatNoFormatHasAPlaceFor() throws IOException {
        fit("a", "--passes 1 --heads 2");
        Run.of("export --model " + path("a") + " --out " + path("e.npz"))
                .assertRefused("expected a model with one head and without random intercepts, got 2 heads");
        assertThat(path("e.npz")).doesNotExist();
    }

    /** m is after the header in posterior.bin. */
    private double[] posteriorMean(String model) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path(model).resolve("posterior.bin")))
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(88);
        double[] mean = new double[3 + 2 * WIDTH];
        bytes.asDoubleBuffer().get(mean);
        return mean;
    }

    /** The authors' covariates are numbers. */
    private void writeNumericCohort() throws IOException {
        CellsCsv.edit(cohort, ",F,", ",0,");
        CellsCsv.edit(cohort, ",M,", ",1,");
    }

    @Test
    void theScaleMayComeFromTheTrainingSamples() throws IOException {
        writeNumericCohort();
        writeAuthorsFile(Map.of("scale_mean 2", new double[0], "scale_std 2", new double[0]));
        String usual = CellsCsv.COVARIATES + " --outcome-index 0";
        importing("authors.npz", "a", usual).assertRefused("'scale_mean' and 'scale_std'", "or --cohort FILE");
        Run run = importing("authors.npz", "a", usual, "--cohort", cohort.toString());
        assertThat(run.out()).contains("on the scale of 30 training samples");
        double[] u = predict("a").stream().mapToDouble(row -> row[2]).toArray();
        double mean = Arrays.stream(u).average().orElseThrow();
        double squares = Arrays.stream(u).map(x -> (x - mean) * (x - mean)).sum();

        // u = b (r - mean) / sd, b² = (.4² + .1² + .6²) / 3
        assertThat(mean).isCloseTo(0, within(1e-9));
        assertThat(Math.sqrt(squares / 29)).isCloseTo(Math.sqrt(.53 / 3), within(1e-9));

        // Features that were scaled before the authors' model saw them: the same standard deviation by construction.
        importing("authors.npz", "b", usual, "--raw-features --cohort", cohort.toString());
        double[] raw = predict("b").stream().mapToDouble(row -> row[2]).toArray();
        assertThat(Arrays.stream(raw).average().orElseThrow()).isCloseTo(0, within(1e-9));
        assertThat(Arrays.stream(raw).map(x -> x * x).sum()).isCloseTo(29 * .53 / 3, within(1e-9));
        assertThat(raw[0]).isNotCloseTo(u[0], within(1e-3));
        assertThat(firstSd("b")).isCloseTo(unbiasedSdOfF0(), within(1e-9));
    }

    private double firstSd(String model) throws IOException {
        String json = Files.readString(path(model).resolve("model.json"));
        int from = json.indexOf("\"sd\" : [ ") + 9;
        return Double.parseDouble(json.substring(from, json.indexOf(',', from)));
    }

    private double unbiasedSdOfF0() throws IOException {
        double[] f0 = Files.readAllLines(cohort).stream()
                .skip(1)
                .mapToDouble(line -> Float.parseFloat(line.split(",", -1)[5]))
                .toArray();
        double mean = Arrays.stream(f0).average().orElseThrow();
        double squares = Arrays.stream(f0).map(x -> (x - mean) * (x - mean)).sum();
        return Math.sqrt(squares / (f0.length - 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --covariates age | --covariates: expected 2 names, as alpha has a row for the intercept and one for each
            --likelihood normal | --likelihood: expected bernoulli, binomial or categorical, got normal
            --likelihood categorical | --outcome-index does not go with --likelihood categorical
            --classes a,b | --classes needs --likelihood categorical
            --classes a,a | --classes: expected different names, got a,a
            --likelihood binomial | --likelihood binomial and --trials N go together
            --trials 2 | --likelihood binomial and --trials N go together
            --alpha-sd 0 | --alpha-sd: expected a positive number, got 0.0
            --outcome-index -1 | --outcome-index: expected at least 0, got -1
            --split sex | --split COLUMN and --train VALUE go together
            --raw-features | need --cohort FILE
            """)
    void refusesBadOptions(String arguments, String expected) throws IOException {
        writeAuthorsFile(Map.of());
        importing("authors.npz", "a", arguments.contains("index") ? "" : "--outcome-index 0", arguments)
                .assertRefused(expected);
        assertThat(path("a")).doesNotExist();
    }

    /** A tensor, its shape and how many ones it has; none takes it away. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            posterior.mu 2 6 | posterior.other 1 | tensor 'mu': expected one of that name, got none; there are: alpha,
            posterior.mu 2 6 | mu 2 5 | tensor 'mu': expected shape P × 2Q, got [2, 5]
            posterior.mu 2 6 | mu 12 | tensor 'mu': expected shape P × 2Q, got [12]
            alpha 3 2 | alpha 3 1 | tensor 'alpha': expected shape K × 2, got [3, 1]
            posterior.cov_factor 2 6 1 | cov_factor 2 6 | tensor 'cov_factor': expected shape 2 × 6 × R, got [2, 6]
            posterior.cov_logdiag 2 6 | cov_logdiag 6 2 | tensor 'cov_logdiag': expected shape [2, 6], got [6, 2]
            log_sigma_u 2 | log_sigma_u 3 | tensor 'log_sigma_u': expected shape 2 values, got [3]
            scale_std 2 | scale_other 2 | tensor 'scale_std': expected one of that name
            """)
    void refusesTensorsThatDoNotFit(String without, String with, String expected) throws IOException {
        int size = Arrays.stream(with.split(" ", -1))
                .skip(1)
                .mapToInt(Integer::parseInt)
                .reduce(1, (a, b) -> a * b);
        double[] ones = new double[size];
        Arrays.fill(ones, 1);
        writeAuthorsFile(Map.of(without, new double[0], with, ones));
        importing("authors.npz", "a", CellsCsv.COVARIATES, "--outcome-index 0").assertRefused(expected, "authors.npz");
        assertThat(path("a")).doesNotExist();
    }

    @Test
    void refusesNumbersThatAreNoModel() throws IOException {
        String usual = CellsCsv.COVARIATES + " --outcome-index 0";
        writeAuthorsFile(Map.of("scale_std 2", new double[] {0, 1}));
        importing("authors.npz", "a", usual).assertRefused("scale_mean and scale_std", "a positive sd, got 0.0");
        writeAuthorsFile(Map.of("alpha 3 2", new double[] {Double.NaN, 1, 1, 1, 1, 1}));
        importing("authors.npz", "a", usual).assertRefused("alpha: expected finite values, got NaN at index 0");
        double[] nothing = new double[12];
        Arrays.fill(nothing, -1e9);
        writeAuthorsFile(Map.of("posterior.cov_logdiag 2 6", nothing));
        importing("authors.npz", "a", usual).assertRefused("expected a positive definite covariance");
        Files.writeString(path("a.safetensors"), "no tensors");
        importing("a.safetensors", "a", usual).assertRefused("length of the header: expected 2 to 2");
        importing("nowhere.npz", "a", usual).assertRefused("nowhere.npz, which does not exist");
        assertThat(path("a")).doesNotExist();
    }

    @Test
    void saysWhereItIsLessCertainThanItsPrior() throws IOException {
        writeNumericCohort();
        double[] wide = new double[12];
        writeAuthorsFile(Map.of("posterior.cov_logdiag 2 6", wide));
        Run run = importing("authors.npz", "a", CellsCsv.COVARIATES, "--outcome-index 0");
        assertThat(run.out()).contains("In 6 directions it is less certain than its prior");
        assertThat(predict("a").get(0)[1]).isGreaterThan(0.1);
    }

    @Test
    void exportRefusesOtherFormatsAndFilesThatExist() throws IOException {
        fit("a", "--passes 1");
        Run.of("export --model " + path("a") + " --out " + path("e.pt"))
                .assertRefused("--out: expected a file that ends in .npz, .safetensors or .onnx, got");
        Files.writeString(path("e.npz"), "mine");
        Run.of("export --model " + path("a") + " --out " + path("e.npz")).assertRefused("--overwrite replaces it");
        Run.of("export --model " + path("b") + " --out " + path("f.npz")).assertRefused("which does not exist");
        assertThat(path("e.npz")).hasContent("mine");
        assertThat(path("f.npz")).doesNotExist();
        assertThat(Run.of("export --model " + path("a") + " --overwrite --out " + path("e.npz"))
                        .code())
                .isZero();
    }
}
