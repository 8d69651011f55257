package io.gmil.cli.experiments;

import io.gmil.model.AttentionRequest;
import io.gmil.model.BagAttention;
import io.gmil.model.BagPrediction;
import io.gmil.model.Calibration;
import io.gmil.model.GmilFit;
import io.gmil.model.ModelSpec;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.model.Scores;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** A contender fitted to one outcome of a cohort, and what it says of the test bags. */
final class Fitted {

    /** Attention is judged by how well it retrieves this share of the cells. */
    private static final double TOP_SHARE = 0.1;

    /** 95 % quantile of N(0, 1). */
    private static final double Z95 = 1.6448536269514722;

    private final SimulatedBags bags;
    private final int outcome;
    private final double seconds;
    private final double[] eta;
    private final double[] sd;
    private final double[] effect;
    private final double[] probability;
    private final double[] weights;

    private Fitted(SimulatedBags bags, int outcome, Contender contender, GmilFit start) {
        this.bags = bags;
        this.outcome = outcome;
        ModelSpec spec = contender.model().apply(ModelSpec.binomial(SimulatedBags.TRIALS, bags.width(), 1));
        long began = processorNanos();
        PosteriorSnapshot posterior = contender
                .fit()
                .apply(start)
                .fit(bags.training(outcome), spec, bags.scaler())
                .exactSnapshot(0, 0);
        this.seconds = (processorNanos() - began) / 1e9;
        int test = bags.options().testBags();
        this.eta = new double[test];
        this.sd = new double[test];
        this.effect = new double[test];
        this.probability = new double[test];
        this.weights = new double[test * bags.options().cells()];
        Predictor predictor = new Predictor(spec, bags.scaler());
        for (int bag = 0; bag < test; bag++) {
            note(bag, predictor.predict(bags.test(bag), new double[] {1}, posterior, AttentionRequest.top(0)));
        }
    }

    /** Fits and predicts. */
    static Map<Figure, Double> figures(SimulatedBags bags, int outcome, Contender contender, GmilFit start) {
        return new Fitted(bags, outcome, contender, start).figures();
    }

    /** Of this thread, so that other work on the machine counts as little as possible. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private void note(int bag, BagPrediction prediction) {
        eta[bag] = prediction.etaMean();
        sd[bag] = prediction.etaSd();
        effect[bag] = prediction.randomEffect();
        probability[bag] = prediction.probability();
        BagAttention attention = prediction.attention();
        int first = bag * bags.options().cells();
        for (int k = 0; k < attention.topIndex().length; k++) {
            weights[first + attention.topIndex()[k]] = attention.topWeight()[k];
        }
    }

    private Map<Figure, Double> figures() {
        double[] y = bags.testLabels(outcome);
        double[] n = new double[y.length];
        Arrays.fill(n, SimulatedBags.TRIALS);
        double[] truth = bags.testEffects(outcome);
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.RHO, Scores.spearman(effect, truth));
        figures.put(Figure.AUC, Scores.retrievalAuc(bags.testWeights(outcome), weights, TOP_SHARE));
        figures.put(Figure.LOG_LIKELIHOOD, logLikelihood(probability, y));
        figures.put(Figure.COVERAGE, coverage(eta, sd, truth, bags.options().intercept()));
        figures.put(Figure.SLOPE, Calibration.slope(probability, y, n));
        figures.put(Figure.SECONDS, seconds);
        return figures;
    }

    /** Of a bag with y of 2 successes, mean over bags. */
    static double logLikelihood(double[] probability, double[] successes) {
        double sum = 0;
        for (int i = 0; i < successes.length; i++) {
            double y = successes[i];
            double coefficient = y == 1 ? Math.log(SimulatedBags.TRIALS) : 0;
            sum += coefficient
                    + y * Math.log(probability[i])
                    + (SimulatedBags.TRIALS - y) * Math.log1p(-probability[i]);
        }
        return sum / successes.length;
    }

    /** Share of the true η, which are intercept + u, within 1.645 standard deviations of the predicted ones. */
    static double coverage(double[] eta, double[] sd, double[] effects, double intercept) {
        int covered = 0;
        for (int i = 0; i < eta.length; i++) {
            covered += Math.abs(eta[i] - intercept - effects[i]) <= Z95 * sd[i] ? 1 : 0;
        }
        return (double) covered / eta.length;
    }
}
