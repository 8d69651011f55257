package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Predicts bags: η ~ N(f·α + u, JᵀSJ) with u and J at the posterior mean; in mean pooling γ is 0 and its part of J is
 * left out. One pass over the cells for all outcomes and classes, so a prediction never depends on another bag.
 *
 * <p>Thread-confined: buffers are reused, predictions are new.
 */
public final class Predictor {
    /** Bags whose gradients, of ten outcomes, leave room in the second-level cache. */
    private static final int BATCH = BagForm.BAGS;

    private final List<ModelSpec> outcomes;
    private final FoldedScaler scaler;
    private final CellScan scan;
    private final MeanOutcomes means;
    private final List<BagEta[][]> places = new ArrayList<>();
    private final double[][] gradients = new double[BATCH][];
    private final double[] values = new double[BATCH];
    private final BagForms together;
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
        this.together = new BagForms(scan.isNative());
        places.add(place());
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
        prepare(q);
        visit(places.get(0), cells, fixedEffects, request, true);
        complete(1);
        return predictions(places.get(0));
    }

    /**
     * Of several bags, each to the bit as alone. Faster where there are many outcomes: one product with a covariance serves many
     * bags.
     *
     * @param bags whose labels do not count
     * @param q the posteriors by outcome and class; the same array must hold the same posteriors
     * @param request null for no attention
     * @return by bag, outcome and class; without {@link BagPrediction#linearisation}, most of what a prediction takes
     */
    public List<BagPrediction[][]> predict(List<LabelledBag> bags, PosteriorSnapshot[][] q, AttentionRequest request) {
        bags.forEach(bag -> check(bag.cells(), bag.fixedEffects()));
        prepare(q);
        while (places.size() < Math.min(BATCH, bags.size())) {
            places.add(place());
        }
        List<BagPrediction[][]> predictions = new ArrayList<>(bags.size());
        for (int from = 0; from < bags.size(); from += BATCH) {
            int count = Math.min(BATCH, bags.size() - from);
            for (int i = 0; i < count; i++) {
                LabelledBag bag = bags.get(from + i);
                visit(places.get(i), bag.cells(), bag.fixedEffects(), request, false);
            }
            complete(count);
            for (int i = 0; i < count; i++) {
                predictions.add(predictions(places.get(i)));
            }
        }
        return predictions;
    }

    private void prepare(PosteriorSnapshot[][] q) {
        if (folded == q) {
            return;
        }
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

    private BagEta[][] place() {
        return outcomes.stream()
                .map(spec -> Stream.generate(BagEta::new)
                        .limit(spec.likelihood().components())
                        .toArray(BagEta[]::new))
                .toArray(BagEta[][]::new);
    }

    private void visit(BagEta[][] etas, Cells cells, double[] f, AttentionRequest request, boolean keep) {
        SoftmaxSums sums = scan.scan(cells, request != null);
        int pair = 0;
        for (int o = 0; o < etas.length; o++) {
            ModelSpec spec = outcomes.get(o);
            for (int c = 0; c < etas[o].length; c++, pair += spec.heads()) {
                BagAttention attention = request == null ? null : attention(request, pair, spec.heads());
                etas[o][c].set(spec, f, folded[o][c], sums, pair, attention, keep);
            }
        }
    }

    /** Of the first bags; by outcome, so that each covariance is fetched once. */
    private void complete(int count) {
        for (int o = 0; o < variances.length; o++) {
            for (int c = 0; c < variances[o].length; c++) {
                for (int i = 0; i < count; i++) {
                    gradients[i] = places.get(i)[o][c].gradient();
                }
                variances[o][c].of(gradients, count, values, together);
                for (int i = 0; i < count; i++) {
                    places.get(i)[o][c].complete(values[i]);
                }
            }
        }
    }

    private BagPrediction[][] predictions(BagEta[][] etas) {
        MeanOutcome[][] outcomeMeans = means.of(etas);
        BagPrediction[][] predictions = new BagPrediction[etas.length][];
        for (int o = 0; o < etas.length; o++) {
            predictions[o] = new BagPrediction[etas[o].length];
            for (int c = 0; c < etas[o].length; c++) {
                predictions[o][c] = etas[o][c].prediction(outcomeMeans[o][c]);
            }
        }
        return predictions;
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
