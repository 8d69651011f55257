package io.gmil.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Bags with known θ: cells N(0, I), C linear predictors η_c = u_c of attention γ_c and effects β_c, u_c with unit variance
 * times {@code strength}, labels drawn from η.
 */
final class KnownTruth {
    final List<LabelledBag> training = new ArrayList<>();
    final List<LabelledBag> test = new ArrayList<>();
    final FeatureScaler scaler;

    /** θ of each class, in scaled features. */
    final double[][] theta;

    /** η of each bag and class, training first. */
    final double[][] eta;

    KnownTruth(
            ModelSpec spec,
            long seed,
            int trainingBags,
            int testBags,
            int cells,
            double strength,
            BiFunction<double[], Random, Label> law) {
        Random random = new Random(seed);
        int width = spec.width();
        int n = trainingBags + testBags;
        float[][] x = new float[n][];
        FeatureMoments moments = new FeatureMoments(width);
        for (int b = 0; b < n; b++) {
            x[b] = new float[cells * width];
            for (int i = 0; i < x[b].length; i++) {
                x[b][i] = (float) random.nextGaussian();
            }
            moments.add(x[b], cells);
        }
        scaler = FeatureScaler.of(moments);
        theta = new double[spec.likelihood().components()][];
        eta = new double[n][theta.length];
        double[] f = new double[spec.linear()];
        f[0] = 1;
        for (int c = 0; c < theta.length; c++) {
            theta[c] = drawn(spec, random);
            standardise(spec, c, x, cells, f, strength);
        }
        for (int b = 0; b < n; b++) {
            Label label = law.apply(eta[b], random);
            LabelledBag bag = new LabelledBag(Cells.of(x[b], cells, width), f, label);
            (b < trainingBags ? training : test).add(bag);
        }
    }

    /** γ with logits of variance 1, β of any scale. */
    private static double[] drawn(ModelSpec spec, Random random) {
        double[] theta = new double[spec.dimension()];
        for (int i = spec.gamma(); i < theta.length; i++) {
            theta[i] = random.nextGaussian();
        }
        return theta;
    }

    /** Scales β and sets the intercept so that η has mean 0 and the variance asked for. */
    private void standardise(ModelSpec spec, int c, float[][] x, int cells, double[] f, double strength) {
        List<LabelledBag> bags = new ArrayList<>();
        for (float[] values : x) {
            bags.add(new LabelledBag(Cells.of(values, cells, spec.width()), f, Label.of(0)));
        }
        double[] u = new double[x.length];
        List<Draws> draws = List.of(new Draws(spec, theta[c], 1));
        CellSweep.of(draws, scaler, new EjmlAlgebra())
                .run(bags, draws, (b, sums) -> u[b] = sums.effect(0, spec.heads()));
        double mean = 0;
        double squares = 0;
        for (double value : u) {
            mean += value / u.length;
        }
        for (double value : u) {
            squares += (value - mean) * (value - mean) / u.length;
        }
        double scale = Math.sqrt(strength / squares);
        for (int i = spec.beta(); i < theta[c].length; i++) {
            theta[c][i] *= scale;
        }
        theta[c][0] = -mean * scale;
        for (int b = 0; b < u.length; b++) {
            eta[b][c] = (u[b] - mean) * scale;
        }
    }
}
