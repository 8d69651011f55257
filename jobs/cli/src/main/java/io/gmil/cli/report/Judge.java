package io.gmil.cli.report;

import io.gmil.cohort.Sample;
import io.gmil.model.Scores;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Compares what a model says of a cohort's samples with what is known of them. */
public final class Judge {

    /** Attention is judged by how well it retrieves this share of the cells. */
    private static final double TOP_SHARE = 0.1;

    private final List<Sample> samples;
    private final int trials;
    private final IntFunction<float[]> knownWeights;

    /**
     * @param samples of the cohort
     * @param trials of each label
     * @param knownWeights of a sample by its index, null where unknown
     */
    public Judge(List<Sample> samples, int trials, IntFunction<float[]> knownWeights) {
        this.samples = samples;
        this.trials = trials;
        this.knownWeights = knownWeights;
    }

    /** Figures of the labelled training bags, for predictions made before the bag was learnt. */
    public Summary.Prequential prequential(IntFunction<BagScore> scores) {
        ScoredBags scored = new ScoredBags(trials);
        for (int i = 0; i < samples.size(); i++) {
            BagScore score = samples.get(i).training() ? scores.apply(i) : null;
            if (score != null && samples.get(i).label().isPresent()) {
                scored.add(score.probability(), samples.get(i).label().getAsDouble());
            }
        }
        return new Summary.Prequential(scored.auc(), scored.logLoss(), scored.brier());
    }

    /**
     * Figures of the bags that were not learnt.
     *
     * @param scores of a bag by its index, null where there is none
     * @param weights the model's attention weights of a bag's cells, null where unknown
     */
    public Figures test(IntFunction<BagScore> scores, IntFunction<float[]> weights) {
        return figures(false, scores, weights);
    }

    /** Figures of the bags that were learnt, for predictions made afterwards: how well they fit, not how good they are. */
    public Figures fitted(IntFunction<BagScore> scores) {
        return figures(true, scores, sample -> null);
    }

    private Figures figures(boolean training, IntFunction<BagScore> scores, IntFunction<float[]> weights) {
        ScoredBags scored = new ScoredBags(trials);
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            BagScore score = sample.training() == training ? scores.apply(i) : null;
            if (score != null) {
                sample.label().ifPresent(label -> scored.add(score.probability(), label));
                scored.addEffect(score.randomEffect(), sample.trueEffect());
            }
        }
        return new Figures(scored.auc(), scored.logLoss(), scored.brier(), scored.rhoBag(), aucInstance(weights));
    }

    private Double aucInstance(IntFunction<float[]> weights) {
        int[] compared = IntStream.range(0, samples.size())
                .filter(i -> knownWeights.apply(i) != null && weights.apply(i) != null)
                .toArray();
        if (compared.length == 0) {
            return null;
        }
        double auc = Scores.retrievalAuc(joined(compared, knownWeights), joined(compared, weights), TOP_SHARE);
        return Double.isFinite(auc) ? auc : null;
    }

    private static double[] joined(int[] indices, IntFunction<float[]> weights) {
        int cells = 0;
        for (int i : indices) {
            cells += weights.apply(i).length;
        }
        double[] joined = new double[cells];
        int at = 0;
        for (int i : indices) {
            for (float weight : weights.apply(i)) {
                joined[at++] = weight;
            }
        }
        return joined;
    }
}
