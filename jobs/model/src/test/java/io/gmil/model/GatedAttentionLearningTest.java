package io.gmil.model;

import static io.gmil.model.GatedAttentionTest.WIDTH;
import static io.gmil.model.GatedAttentionTest.classes;
import static io.gmil.model.GatedAttentionTest.names;
import static io.gmil.model.GatedAttentionTest.planted;
import static io.gmil.model.GatedAttentionTest.probabilities;
import static io.gmil.model.GatedAttentionTest.scaler;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The network as it is compared with, trained to its end: apart from the rest because it takes long. */
class GatedAttentionLearningTest {
    private static double auc(double[] scores, List<LabelledBag> bags) {
        return Scores.auc(scores, bags.stream().mapToDouble(LabelledBag::y).toArray());
    }

    @Test
    void learnsAPlantedSignalThatMeanPoolingHardlySees() {
        List<LabelledBag> training = planted(240, 1);
        List<LabelledBag> test = planted(200, 2);
        FeatureScaler scaler = scaler(training);

        double attended =
                auc(probabilities(GatedAttention.fit(training, names(240), new Binomial(1), scaler, 0), test), test);

        PosteriorSnapshot pooled = GmilFit.passes(10, 0)
                .withoutAttention()
                .fit(training, ModelSpec.binomial(1, WIDTH, 1), scaler)
                .snapshot(0, 0);
        Predictor predictor = new Predictor(ModelSpec.binomial(1, WIDTH, 1), scaler);
        double mean = auc(
                test.stream()
                        .mapToDouble(bag -> predictor
                                .predict(bag.cells(), bag.fixedEffects(), pooled)
                                .etaMean())
                        .toArray(),
                test);
        assertThat(attended).isGreaterThan(0.95).isGreaterThan(mean + 0.1);
    }

    /** The marked cell tells three classes by its second feature. */
    @Test
    void learnsPlantedClasses() {
        List<LabelledBag> training = classes(240, 1);
        List<LabelledBag> test = classes(200, 2);

        GatedAttention network = GatedAttention.fit(training, names(240), new Categorical(3), scaler(training), 0);

        double[][] p = test.stream()
                .map(bag -> network.mean(bag.cells(), bag.fixedEffects()))
                .toArray(double[][]::new);
        int[] y = test.stream().mapToInt(bag -> (int) bag.y()).toArray();
        assertThat(ClassScores.accuracy(p, y)).isGreaterThan(0.85);
        assertThat(ClassScores.logLoss(p, y)).isLessThan(0.5);
    }
}
