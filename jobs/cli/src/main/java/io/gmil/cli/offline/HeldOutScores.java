package io.gmil.cli.offline;

import io.gmil.cli.report.BagScore;
import io.gmil.cli.report.Figures;
import io.gmil.cli.report.Judge;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagAttention;
import io.gmil.model.BagPrediction;
import java.io.IOException;
import java.util.List;

/** What a model says of samples it has not learnt, read as a stream. */
final class HeldOutScores {

    /** More known weights than this are not compared: all of them would have to be held. */
    private static final long MOST_KNOWN_WEIGHTS = 5_000_000;

    private final List<Sample> samples;
    private final OfflinePredictor predictor;
    private final BagScore[] scores;
    private final float[][] known;
    private final float[][] weights;
    private final boolean compareWeights;

    private HeldOutScores(Cohort cohort, OfflinePredictor predictor) {
        this.samples = cohort.samples();
        this.predictor = predictor;
        this.scores = new BagScore[samples.size()];
        this.known = new float[samples.size()][];
        this.weights = new float[samples.size()][];
        long cells = samples.stream()
                .filter(HeldOutScores::isTest)
                .mapToLong(Sample::cells)
                .sum();
        this.compareWeights = cohort.hasTrueWeights() && cells <= MOST_KNOWN_WEIGHTS;
    }

    /** A sample without label is only of use here where its effect is known. */
    private static boolean isTest(Sample sample) {
        return !sample.training()
                && (sample.label().isPresent() || sample.trueEffect().isPresent());
    }

    /** The figures of the test samples; reads nothing where there are none. */
    static Figures figures(Cohort cohort, OfflinePredictor predictor, int trials) throws IOException {
        HeldOutScores held = new HeldOutScores(cohort, predictor);
        if (cohort.samples().stream().anyMatch(HeldOutScores::isTest)) {
            BagStream.read(cohort, HeldOutScores::isTest, held::score);
        }
        return new Judge(held.samples, trials, i -> held.known[i]).test(i -> held.scores[i], i -> held.weights[i]);
    }

    private void score(BagStream.Bag bag) {
        BagPrediction prediction = predictor.predict(
                samples.get(bag.sample()), bag.cells(), compareWeights ? AttentionRequest.top(0) : null);
        scores[bag.sample()] = new BagScore(prediction.probability(), prediction.randomEffect());
        if (compareWeights) {
            known[bag.sample()] = floats(bag.trueWeights());
            weights[bag.sample()] = byCell(prediction.attention());
        }
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static float[] byCell(BagAttention attention) {
        float[] weights = new float[attention.topIndex().length];
        for (int rank = 0; rank < weights.length; rank++) {
            weights[attention.topIndex()[rank]] = (float) attention.topWeight()[rank];
        }
        return weights;
    }
}
