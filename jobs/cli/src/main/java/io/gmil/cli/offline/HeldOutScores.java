package io.gmil.cli.offline;

import io.gmil.cli.report.OutcomeScores;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagAttention;
import io.gmil.model.BagPrediction;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

/** What a model says of samples it has not learnt, read as a stream. */
final class HeldOutScores {

    /** More known weights than this are not compared: all of them would have to be held. */
    private static final long MOST_KNOWN_WEIGHTS = 5_000_000;

    private final List<Sample> samples;
    private final OfflinePredictor predictor;
    private final List<OutcomeScores> scores;
    private final boolean compareWeights;

    private HeldOutScores(Cohort cohort, OfflinePredictor predictor, List<OutcomeScores> scores) {
        this.samples = cohort.samples();
        this.predictor = predictor;
        this.scores = scores;
        long cells = samples.stream()
                .filter(HeldOutScores::isTest)
                .mapToLong(Sample::cells)
                .sum();
        this.compareWeights = cohort.hasTrueWeights() && cells <= MOST_KNOWN_WEIGHTS;
    }

    /** A sample without label is only of use here where its effect is known. */
    private static boolean isTest(Sample sample) {
        return !sample.training() && (sample.labelled() || sample.trueEffect().isPresent());
    }

    /**
     * Gives the test samples to the scores of each outcome, and returns these; reads nothing where there are none. Known
     * effects and weights are of the first outcome.
     */
    static List<OutcomeScores> of(Cohort cohort, OfflinePredictor predictor, List<OutcomeScores> scores)
            throws IOException {
        if (cohort.samples().stream().anyMatch(HeldOutScores::isTest)) {
            BagStream.read(cohort, HeldOutScores::isTest, new HeldOutScores(cohort, predictor, scores)::score);
        }
        return scores;
    }

    private void score(BagStream.Bag bag) {
        Sample sample = samples.get(bag.sample());
        BagPrediction[][] predictions =
                predictor.predict(sample, bag.cells(), compareWeights ? AttentionRequest.top(0) : null);
        for (int o = 0; o < predictions.length; o++) {
            OptionalDouble effect = o == 0 ? sample.trueEffect() : OptionalDouble.empty();
            scores.get(o).add(sample.labels().get(o), List.of(predictions[o]), effect);
        }
        if (compareWeights) {
            scores.get(0).addWeights(floats(bag.trueWeights()), byCell(predictions[0][0].attention()));
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
