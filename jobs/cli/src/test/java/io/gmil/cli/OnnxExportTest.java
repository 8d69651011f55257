package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An exported predictor, run by another program, says what ours says. */
class OnnxExportTest {

    private static final int WIDTH = 3;
    private static final double TOLERANCE = 1e-11;

    @TempDir
    private Path directory;

    private final Random random = new Random(3);

    private SavedModel export(String fit) throws IOException {
        Path cohort = CellsCsv.first(directory.resolve("c.csv"), 30);
        Run.of("fit", cohort.toString(), "--model " + directory.resolve("m"), fit);
        Run run = Run.of("export --model " + directory.resolve("m") + " --out " + directory.resolve("m.onnx"));
        assertThat(run.err()).isEmpty();
        return new ModelDirectory(directory.resolve("m")).read();
    }

    private float[] cells(int count, double scale) {
        float[] values = new float[count * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private void assertPredictsTheSame(SavedModel model, OrtSession session, float[] cells, double... covariates)
            throws OrtException {
        int count = cells.length / WIDTH;
        PosteriorSnapshot q = model.posterior().snapshot(0, 1);
        BagPrediction expected = new Predictor(q.spec(), model.featureScaler())
                .predict(
                        Cells.of(cells, count, WIDTH),
                        model.covariateScaler().fixedEffects(covariates),
                        q,
                        AttentionRequest.top(0));
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put("cells", OnnxTensor.createTensor(environment, FloatBuffer.wrap(cells), new long[] {count, WIDTH}));
        if (covariates.length > 0) {
            inputs.put("covariates", OnnxTensor.createTensor(environment, DoubleBuffer.wrap(covariates), new long[] {
                covariates.length
            }));
        }
        try (OrtSession.Result result = session.run(inputs)) {
            assertNumber(result, "eta_mean", expected.etaMean());
            assertNumber(result, "eta_sd", expected.etaSd());
            assertNumber(result, "probability", expected.probability());
            assertNumber(result, "u", expected.randomEffect());
            double[] weights = (double[]) result.get("attention").orElseThrow().getValue();
            double[] contributions =
                    (double[]) result.get("contribution").orElseThrow().getValue();
            assertThat(weights).hasSize(count);
            for (int rank = 0; rank < count; rank++) {
                int cell = expected.attention().topIndex()[rank];
                assertThat(weights[cell]).isCloseTo(expected.attention().topWeight()[rank], within(TOLERANCE));
                assertThat(contributions[cell])
                        .isCloseTo(expected.attention().topContribution()[rank], within(TOLERANCE));
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void assertNumber(OrtSession.Result result, String name, double expected) throws OrtException {
        Object value = result.get(name).orElseThrow().getValue();
        assertThat((Double) value).as(name).isCloseTo(expected, within(TOLERANCE));
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
                    .containsEntry("covariates", "age,sex")
                    .containsEntry("values of sex", "F,M")
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
}
