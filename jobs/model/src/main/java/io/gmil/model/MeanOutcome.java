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

    /**
     * One for each class of each outcome.
     *
     * @param outcomes their specs
     * @param etas by outcome and class
     */
    static MeanOutcome[][] of(List<ModelSpec> outcomes, Linearisation[][] etas) {
        MeanOutcome[][] all = new MeanOutcome[etas.length][];
        int[] binomial = new int[etas.length];
        int count = 0;
        for (int o = 0; o < etas.length; o++) {
            Likelihood likelihood = outcomes.get(o).likelihood();
            if (likelihood instanceof Binomial) {
                binomial[count++] = o;
            } else {
                all[o] = likelihood instanceof Normal
                        ? new MeanOutcome[] {normal(etas[o][0])}
                        : classes(Arrays.asList(etas[o]));
            }
        }
        if (count > 0) {
            addBinomial(etas, Arrays.copyOf(binomial, count), all);
        }
        return all;
    }

    private static MeanOutcome normal(Linearisation eta) {
        double reach = Z95 * Math.sqrt(eta.etaVariance());
        return new MeanOutcome(eta.etaMean(), eta.etaMean() - reach, eta.etaMean() + reach);
    }

    private static void addBinomial(Linearisation[][] etas, int[] outcomes, MeanOutcome[][] all) {
        int n = outcomes.length;
        double[] eta = new double[n];
        double[] sd = new double[n];
        for (int i = 0; i < n; i++) {
            eta[i] = etas[outcomes[i]][0].etaMean();
            sd[i] = Math.sqrt(etas[outcomes[i]][0].etaVariance());
        }
        double[] values = LogisticGaussian.means(eta, sd, Z95);
        for (int i = 0; i < n; i++) {
            all[outcomes[i]] = new MeanOutcome[] {new MeanOutcome(values[i], values[n + i], values[2 * n + i])};
        }
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
