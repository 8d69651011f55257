package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Predicts one bag: η ~ N(f·α + u, JᵀSJ) with u and J at the posterior mean; in mean pooling γ is 0 and its part of J is
 * left out. One pass over the cells for all outcomes and classes, so a prediction never depends on another bag.
 *
 * <p>Thread-confined: buffers are reused, predictions are new.
 */
public final class Predictor {
    private final List<ModelSpec> outcomes;
    private final FoldedScaler scaler;
    private final CellScan scan;
    private final MeanOutcomes means;
    private PosteriorSnapshot[][] folded;

    /** JᵀSJ of these. */
    private QuadraticForm[][] variances;

    /** For one outcome. */
    public Predictor(ModelSpec spec, FeatureScaler scaler) {
        this(List.of(spec), scaler);
    }

    /** @param outcomes the spec of each, the same for all its classes */
    public Predictor(List<ModelSpec> outcomes, FeatureScaler scaler) {
        this.outcomes = List.copyOf(outcomes);
        int width = outcomes.get(0).width();
        this.scaler = new FoldedScaler(width, scaler);
        this.means = new MeanOutcomes(this.outcomes);
        this.scan = new CellScan(
                width,
                this.scaler,
                outcomes.stream()
                        .mapToInt(spec -> spec.heads() * spec.likelihood().components())
                        .sum());
    }

    /** Without attention. */
    public BagPrediction predict(Cells cells, double[] fixedEffects, PosteriorSnapshot q) {
        return predict(cells, fixedEffects, q, null);
    }

    /**
     * Of an outcome with one posterior.
     *
     * @param request null for no attention
     */
    public BagPrediction predict(Cells cells, double[] fixedEffects, PosteriorSnapshot q, AttentionRequest request) {
        boolean same = folded != null && folded[0][0] == q;
        return predict(cells, fixedEffects, same ? folded : new PosteriorSnapshot[][] {{q}}, request)[0][0];
    }

    /**
     * Of all outcomes.
     *
     * @param fixedEffects f (K + R)
     * @param q the posteriors by outcome and class; the same array must hold the same posteriors
     * @param request null for no attention
     * @return by outcome and class
     */
    public BagPrediction[][] predict(
            Cells cells, double[] fixedEffects, PosteriorSnapshot[][] q, AttentionRequest request) {
        check(cells, fixedEffects);
        if (folded != q) {
            prepare(q);
        }
        SoftmaxSums sums = scan.scan(cells, request != null);
        Linearisation[][] etas = new Linearisation[q.length][];
        for (int o = 0, pair = 0;
                o < q.length;
                pair += q[o].length * outcomes.get(o).heads(), o++) {
            etas[o] = linearisations(o, fixedEffects, q[o], sums, pair);
        }
        MeanOutcome[][] outcomeMeans = means.of(etas);
        BagPrediction[][] predictions = new BagPrediction[q.length][];
        int pair = 0;
        for (int o = 0; o < q.length; o++) {
            int heads = outcomes.get(o).heads();
            predictions[o] = new BagPrediction[q[o].length];
            for (int c = 0; c < q[o].length; c++, pair += heads) {
                BagAttention attention = request == null ? null : attention(request, pair, heads);
                predictions[o][c] = prediction(
                        etas[o][c],
                        Triangular.dot(fixedEffects, 0, q[o][c].sharedMean(), 0, fixedEffects.length),
                        sums.effect(pair, heads),
                        outcomeMeans[o][c],
                        attention);
            }
        }
        return predictions;
    }

    private void prepare(PosteriorSnapshot[][] q) {
        for (int o = 0; o < outcomes.size(); o++) {
            for (int c = 0; c < q[o].length; c++) {
                check(outcomes.get(o), q[o][c]);
            }
        }
        scan.parameters(Arrays.stream(q).flatMap(Arrays::stream).toList());
        QuadraticForm[][] forms = new QuadraticForm[q.length][];
        for (int o = 0; o < q.length; o++) {
            forms[o] = new QuadraticForm[q[o].length];
            for (int c = 0; c < q[o].length; c++) {
                boolean same = folded != null && folded[o][c].factor() == q[o][c].factor();
                forms[o][c] = same ? variances[o][c] : q[o][c].quadraticForm();
            }
        }
        variances = forms;
        folded = q;
    }

    /** η of every class of an outcome around the posterior means. */
    private Linearisation[] linearisations(
            int outcome, double[] f, PosteriorSnapshot[] q, SoftmaxSums sums, int firstPair) {
        ModelSpec spec = outcomes.get(outcome);
        Linearisation[] etas = new Linearisation[q.length];
        for (int c = 0, pair = firstPair; c < q.length; c++, pair += spec.heads()) {
            double[] mean = q[c].sharedMean();
            double[] j = new double[spec.dimension()];
            sums.jacobian(spec, pair, f, q[c].phase() != Phase.MEAN_POOLING, j, 0);
            double eta = Triangular.dot(f, 0, mean, 0, spec.linear()) + sums.effect(pair, spec.heads());
            // J·m = η + Σ g·γ, since u = Σ z·β
            double timesMean = eta + Triangular.dot(j, spec.gamma(), mean, spec.gamma(), spec.beta() - spec.gamma());
            double variance = variances[outcome][c].of(j) + newGroup(spec, f, q[c]);
            etas[c] = new Linearisation(j, eta, variance, timesMean);
        }
        return etas;
    }

    private static BagPrediction prediction(
            Linearisation eta, double fixedEffect, double effect, MeanOutcome mean, BagAttention attention) {
        return new BagPrediction(
                eta.etaMean(),
                Math.sqrt(eta.etaVariance()),
                fixedEffect,
                effect,
                mean.mean(),
                mean.lower(),
                mean.upper(),
                eta,
                attention);
    }

    /** σ_b² for a bag of no known group, whose intercept is as the prior has it. */
    private static double newGroup(ModelSpec spec, double[] f, PosteriorSnapshot q) {
        for (int r = spec.fixedEffects(); r < spec.linear(); r++) {
            if (f[r] != 0) {
                return 0;
            }
        }
        return spec.linear() > spec.fixedEffects() ? q.variances().intercept() : 0;
    }

    private BagAttention attention(AttentionRequest request, int pair, int heads) {
        List<CellWeights> each = new ArrayList<>(heads);
        for (int h = 0; h < heads; h++) {
            each.add(scan.weights(pair + h));
        }
        return AttentionSummary.of(request, each, scan.count());
    }

    private static void check(ModelSpec spec, PosteriorSnapshot q) {
        if (q.spec().dimension() != spec.dimension()) {
            throw new IllegalArgumentException("posterior: expected dimension " + spec.dimension() + ", got "
                    + q.spec().dimension());
        }
    }

    private void check(Cells cells, double[] fixedEffects) {
        ModelSpec first = outcomes.get(0);
        if (cells.width() != first.width() || fixedEffects.length != first.linear()) {
            throw new IllegalArgumentException("bag: expected width " + first.width() + " and " + first.linear()
                    + " fixed effects, got " + cells.width() + " and " + fixedEffects.length);
        }
        if (cells.count() < 1) {
            throw new IllegalArgumentException("bag: expected at least 1 cell, got " + cells.count());
        }
    }
}
