package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.report.OutcomeUnit;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An exported predictor, run by another program, says what ours says. */
class OnnxExportTest {

    private static final int WIDTH = 3;
    private static final double TOLERANCE = 1e-11;

    @TempDir
    private Path directory;

    private final Random random = new Random(3);

    private SavedModel export(String fit) throws IOException {
        return export(CellsCsv.first(directory.resolve("c.csv"), 30), fit, "");
    }

    private SavedModel export(Path cohort, String fit, String options) throws IOException {
        Run.of("fit", cohort.toString(), "--model " + directory.resolve("m"), fit);
        Run run = Run.of("export --model " + directory.resolve("m") + " --out " + directory.resolve("m.onnx"), options);
        assertThat(run.err()).isEmpty();
        return new ModelDirectory(directory.resolve("m")).read();
    }

    private float[] cells(int count, double scale) {
        return cells(count, WIDTH, scale);
    }

    private float[] cells(int count, int width, double scale) {
        float[] values = new float[count * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private Path cohort(int width) throws IOException {
        return cohort(width, 0);
    }

    /** 24 bags of 3 cells, of 3 classes. */
    private Path cohort(int width, float mean) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("bag_id,label"
                + IntStream.range(0, width).mapToObj(q -> ",f" + q).collect(Collectors.joining()));
        for (int cell = 0; cell < 72; cell++) {
            StringBuilder line = new StringBuilder("s" + cell / 3 + "," + cell / 3 % 3);
            for (float value : cells(1, width, 1)) {
                line.append(',').append(value + mean);
            }
            lines.add(line.toString());
        }
        return Files.write(directory.resolve("wide.csv"), lines);
    }

    private void assertPredictsTheSame(SavedModel model, OrtSession session, float[] cells, double... covariates)
            throws OrtException {
        assertPredictsTheSame(model, 0, session, cells, covariates);
    }

    private void assertPredictsTheSame(
            SavedModel model, int outcome, OrtSession session, float[] cells, double... covariates)
            throws OrtException {
        int width = model.featureScaler().width();
        int count = cells.length / width;
        PosteriorSnapshot[][] q = model.posteriors().stream()
                .map(each -> each.exactSnapshots(0, 1))
                .toArray(PosteriorSnapshot[][]::new);
        BagPrediction[] expected = new Predictor(
                        model.posteriors().stream().map(OutcomePosterior::spec).toList(), model.featureScaler())
                .predict(
                        Cells.of(cells, count, width),
                        model.covariateScaler().fixedEffects(covariates),
                        q,
                        AttentionRequest.top(0))[outcome];
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put("cells", OnnxTensor.createTensor(environment, FloatBuffer.wrap(cells), new long[] {count, width}));
        if (covariates.length > 0) {
            inputs.put("covariates", OnnxTensor.createTensor(environment, DoubleBuffer.wrap(covariates), new long[] {
                covariates.length
            }));
        }
        try (OrtSession.Result result = session.run(inputs)) {
            for (int c = 0; c < expected.length; c++) {
                assertSame(
                        result, c, expected[c], OutcomeUnit.of(model.outcomes().get(outcome), c));
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void assertSame(OrtSession.Result result, int clazz, BagPrediction expected, OutcomeUnit unit)
            throws OrtException {
        assertNumber(result, clazz, "eta_mean", unit.location(expected.etaMean()));
        assertNumber(result, clazz, "eta_sd", unit.size(expected.etaSd()));
        assertNumber(result, clazz, "u", unit.size(expected.randomEffect()));
        if (unit.number()) {
            assertThat(result.get("probability")).isEmpty();
        } else {
            assertNumber(result, clazz, "probability", expected.probability());
        }
        double[] weights = ofCells(result, clazz, "attention");
        double[] contributions = ofCells(result, clazz, "contribution");
        assertThat(expected.attention().topIndex()).hasSameSizeAs(weights);
        for (int rank = 0; rank < weights.length; rank++) {
            int cell = expected.attention().topIndex()[rank];
            assertThat(weights[cell]).isCloseTo(expected.attention().topWeight()[rank], within(TOLERANCE));
            assertThat(contributions[cell])
                    .isCloseTo(unit.size(expected.attention().topContribution()[rank]), within(TOLERANCE));
        }
    }

    private static void assertNumber(OrtSession.Result result, int clazz, String name, double expected)
            throws OrtException {
        Object value = result.get(name).orElseThrow().getValue();
        double got = value instanceof double[] classes ? classes[clazz] : (Double) value;
        assertThat(got).as(name).isCloseTo(expected, within(TOLERANCE * Math.max(1, Math.abs(expected))));
    }

    private static double[] ofCells(OrtSession.Result result, int clazz, String name) throws OrtException {
        Object value = result.get(name).orElseThrow().getValue();
        return value instanceof double[][] classes
                ? Arrays.stream(classes).mapToDouble(cell -> cell[clazz]).toArray()
                : (double[]) value;
    }

    private OrtSession session() throws OrtException {
        return OrtEnvironment.getEnvironment()
                .createSession(directory.resolve("m.onnx").toString(), new OrtSession.SessionOptions());
    }

    @Test
    void predictsBagsOfAnySizeWithCovariates() throws IOException, OrtException {
        SavedModel model = export(CellsCsv.COVARIATES);
        try (OrtSession session = session()) {
            assertThat(session.getInputNames()).containsExactly("cells", "covariates");
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("covariates", "[\"age\",\"sex\"]")
                    .containsEntry("values of sex", "[\"F\",\"M\"]")
                    .containsEntry("trials", "1");
            for (int count : new int[] {1, 2, 50, 3000}) {
                assertPredictsTheSame(model, session, cells(count, 1), 31.5, 1);
            }
            // Logits in the hundreds overflow an exponential that is not shifted.
            assertPredictsTheSame(model, session, cells(40, 500), 60, 0);
        }
    }

    @Test
    void predictsWithoutCovariatesAndWithoutAttention() throws IOException, OrtException {
        SavedModel model = export("--passes 1");
        try (OrtSession session = session()) {
            assertThat(session.getInputNames()).containsExactly("cells");
            assertPredictsTheSame(model, session, cells(20, 1));
        }
    }

    /** In every form of the covariance: as a square, by rows of sites, diagonal; more than 256 parameters are not rounded. */
    @ParameterizedTest
    @CsvSource({"130, ''", "3, --posterior low-rank", "1030, ''", "1030, --posterior mean-field"})
    void hasTheWholeCovariance(int width, String options) throws IOException, OrtException {
        SavedModel model = export(cohort(width), "--passes 4 --likelihood binomial --trials 2 " + options, "");
        try (OrtSession session = session()) {
            assertPredictsTheSame(model, session, cells(20, width, 1));
        }
    }

    @Test
    void predictsClasses() throws IOException, OrtException {
        SavedModel model = export(cohort(4), "--passes 6 --likelihood categorical", "");
        try (OrtSession session = session()) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("likelihood", "categorical")
                    .containsEntry("classes", "[\"0\",\"1\",\"2\"]");
            for (int count : new int[] {1, 2, 300}) {
                assertPredictsTheSame(model, session, cells(count, 4, 1));
            }
            assertPredictsTheSame(model, session, cells(40, 4, 500));
        }
    }

    @Test
    void featuresFarFromZeroCostNoDigits() throws IOException, OrtException {
        SavedModel model = export(cohort(4, 1e6f), "--passes 6 --likelihood binomial --trials 2", "");
        float[] cells = cells(50, 4, 1);
        for (int i = 0; i < cells.length; i++) {
            cells[i] += 1e6f;
        }
        try (OrtSession session = session()) {
            assertPredictsTheSame(model, session, cells);
        }
    }

    @Test
    void namesMayContainCommasAndQuotes() throws IOException, OrtException {
        Path cohort = CellsCsv.first(directory.resolve("c.csv"), 30);
        CellsCsv.edit(cohort, ",F,", ",\"a,b\",");
        CellsCsv.edit(cohort, ",M,", ",\"c \"\"d\"\"\",");
        String names = "[\"a,b\",\"c \\\"d\\\"\"]";

        export(cohort, "--label sex=categorical", "");
        try (OrtSession session = session()) {
            assertThat(session.getMetadata().getCustomMetadata())
                    .containsEntry("classes", names)
                    .containsEntry("covariates", "[]");
        }
        export(cohort, "--overwrite --covariates sex", "--overwrite");
        try (OrtSession session = session()) {
            assertThat(session.getMetadata().getCustomMetadata()).containsEntry("values of sex", names);
        }
    }

    @Test
    void predictsOneOfSeveralOutcomesANumberInItsUnit() throws IOException, OrtException {
        Path cohort = CellsCsv.first(directory.resolve("c.csv"), 30);
        SavedModel model =
                export(cohort, "--passes 6 --label label --label age=normal --label sex=categorical", "--outcome age");
        try (OrtSession session = session()) {
            assertThat(session.getOutputNames()).doesNotContain("probability");
            assertPredictsTheSame(model, 1, session, cells(20, 1));
        }
        String again = "export --overwrite --model " + directory.resolve("m") + " --out " + directory.resolve("m.onnx");
        Run.of(again)
                .assertRefused("--outcome: expected one of label, age, sex, as an .onnx file predicts one outcome");
        Run.of(again + " --outcome x").assertRefused("--outcome: expected one of label, age, sex, got x");
    }
}
