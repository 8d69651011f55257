package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The {@link MeanOutcome} of every class of several outcomes. Thread-confined: buffers are reused. */
final class MeanOutcomes {
    /** 95 % quantile of N(0, 1). */
    private static final double Z95 = 1.6448536269514722;

    private final List<ModelSpec> outcomes;

    /** Places of the binomial outcomes, whose exponentials are taken at once. */
    private final int[] binomial;

    private final double[] eta;
    private final double[] sd;
    private final LogisticMeans logistic;

    /** @param outcomes their specs */
    MeanOutcomes(List<ModelSpec> outcomes) {
        this.outcomes = outcomes;
        this.binomial = IntStream.range(0, outcomes.size())
                .filter(o -> outcomes.get(o).likelihood() instanceof Binomial)
                .toArray();
        this.eta = new double[binomial.length];
        this.sd = new double[binomial.length];
        this.logistic = new LogisticMeans(binomial.length, Z95);
    }

    /** @param etas by outcome and class */
    MeanOutcome[][] of(NormalEta[][] etas) {
        MeanOutcome[][] all = new MeanOutcome[etas.length][];
        for (int i = 0; i < binomial.length; i++) {
            NormalEta each = etas[binomial[i]][0];
            eta[i] = each.etaMean();
            sd[i] = Math.sqrt(each.etaVariance());
        }
        logistic.at(eta, sd);
        for (int i = 0; i < binomial.length; i++) {
            all[binomial[i]] =
                    new MeanOutcome[] {new MeanOutcome(logistic.mean(i), logistic.lower(i), logistic.upper(i))};
        }
        for (int o = 0; o < all.length; o++) {
            if (all[o] == null) {
                all[o] = outcomes.get(o).likelihood() instanceof Normal
                        ? new MeanOutcome[] {normal(etas[o][0])}
                        : classes(Arrays.asList(etas[o]));
            }
        }
        return all;
    }

    private static MeanOutcome normal(NormalEta eta) {
        double reach = Z95 * Math.sqrt(eta.etaVariance());
        return new MeanOutcome(eta.etaMean(), eta.etaMean() - reach, eta.etaMean() + reach);
    }

    private static MeanOutcome[] classes(List<NormalEta> etas) {
        double[] eta = etas.stream().mapToDouble(NormalEta::etaMean).toArray();
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
