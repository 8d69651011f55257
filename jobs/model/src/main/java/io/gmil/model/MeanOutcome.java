package io.gmil.model;

import java.util.Arrays;
import java.util.List;

/**
 * E[y | η] per trial, integrated over η ~ N(etaMean, etaVariance), with its 90 % interval.
 *
 * @param mean of the posterior
 * @param lower 5 % quantile
 * @param upper 95 % quantile
 */
record MeanOutcome(double mean, double lower, double upper) {
    /** 95 % quantile of N(0, 1). */
    private static final double Z95 = 1.6448536269514722;

    /** One for each class. */
    static MeanOutcome[] of(Likelihood likelihood, List<Linearisation> etas) {
        if (likelihood instanceof Categorical) {
            return classes(etas);
        }
        double eta = etas.get(0).etaMean();
        double sd = Math.sqrt(etas.get(0).etaVariance());
        double lower = eta - Z95 * sd;
        double upper = eta + Z95 * sd;
        return new MeanOutcome[] {
            likelihood instanceof Normal
                    ? new MeanOutcome(eta, lower, upper)
                    : new MeanOutcome(
                            LogisticGaussian.mean(eta, sd),
                            LogisticGaussian.sigmoid(lower),
                            LogisticGaussian.sigmoid(upper))
        };
    }

    private static MeanOutcome[] classes(List<Linearisation> etas) {
        double[] eta = etas.stream().mapToDouble(Linearisation::etaMean).toArray();
        double[] sd =
                etas.stream().mapToDouble(each -> Math.sqrt(each.etaVariance())).toArray();
        double[][] values = SoftmaxGaussian.of(eta.length).values(eta, sd);
        MeanOutcome[] means = new MeanOutcome[eta.length];
        for (int c = 0; c < means.length; c++) {
            double mean = Arrays.stream(values[c]).sum() / values[c].length;
            Arrays.sort(values[c]);
            int tail = (int) Math.round(0.05 * values[c].length);
            means[c] = new MeanOutcome(mean, values[c][tail], values[c][values[c].length - 1 - tail]);
        }
        return means;
    }
}
