package io.gmil.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * L-BFGS (Nocedal and Wright 2006, algorithm 7.5) with the bisecting weak-Wolfe line search of Lewis and Overton (2013).
 * It runs until rounding allows no further step, since the starts are compared to many digits.
 */
final class ReferenceMinimiser {
    private static final int MEMORY = 20;
    private static final int MAX_STEPS = 10_000;
    private static final int MAX_BISECTIONS = 60;
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    /** What is minimised. */
    @FunctionalInterface
    interface Objective {
        /** The value at x; {@code gradient} is overwritten. */
        double value(double[] x, double[] gradient);
    }

    /** s = x₊ − x, y = g₊ − g and 1 / s·y of a step. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pair(double[] s, double[] y, double inverse) {}

    private final Objective objective;
    private final double tolerance;
    private final Deque<Pair> pairs = new ArrayDeque<>();
    private double[] x;
    private double[] gradient;
    private double value;

    private ReferenceMinimiser(Objective objective, double[] start, double tolerance) {
        this.objective = objective;
        this.tolerance = tolerance;
        this.x = start.clone();
        this.gradient = new double[x.length];
        this.value = objective.value(x, gradient);
    }

    /** A minimiser of the objective, at which no gradient component exceeds the tolerance unless rounding forbids it. */
    static double[] minimise(Objective objective, double[] start, double tolerance) {
        ReferenceMinimiser search = new ReferenceMinimiser(objective, start, tolerance);
        int steps = 0;
        while (steps < MAX_STEPS && search.advance()) {
            steps++;
        }
        return search.x;
    }

    /** One step; false at the end. */
    private boolean advance() {
        double largest = 0;
        for (double g : gradient) {
            largest = Math.max(largest, Math.abs(g));
        }
        if (largest <= tolerance) {
            return false;
        }
        double[] direction = direction();
        double slope = dot(direction, gradient);
        return slope < 0 && search(direction, slope, pairs.isEmpty() ? Math.min(1, 1 / largest) : 1);
    }

    /** −H g by the two-loop recursion. */
    private double[] direction() {
        double[] d = new double[x.length];
        Triangular.axpy(-1, gradient, 0, d, 0, d.length);
        double[] alphas = new double[pairs.size()];
        int i = 0;
        for (Pair pair : pairs) {
            alphas[i] = pair.inverse * dot(pair.s, d);
            Triangular.axpy(-alphas[i++], pair.y, 0, d, 0, d.length);
        }
        if (!pairs.isEmpty()) {
            Pair newest = pairs.getFirst();
            double scale = 1 / (newest.inverse * dot(newest.y, newest.y));
            for (int k = 0; k < d.length; k++) {
                d[k] *= scale;
            }
        }
        for (Iterator<Pair> oldest = pairs.descendingIterator(); oldest.hasNext(); ) {
            Pair pair = oldest.next();
            Triangular.axpy(alphas[--i] - pair.inverse * dot(pair.y, d), pair.s, 0, d, 0, d.length);
        }
        return d;
    }

    private boolean search(double[] direction, double slope, double firstStep) {
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double step = firstStep;
        double[] newGradient = new double[x.length];
        for (int trial = 0; trial < MAX_BISECTIONS; trial++) {
            double[] candidate = x.clone();
            Triangular.axpy(step, direction, 0, candidate, 0, candidate.length);
            double newValue = objective.value(candidate, newGradient);
            if (!(newValue <= value + DECREASE * step * slope)) {
                high = step;
            } else if (dot(direction, newGradient) < CURVATURE * slope) {
                low = step;
            } else {
                accept(candidate, newGradient, newValue);
                return true;
            }
            step = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
        }
        return false;
    }

    private void accept(double[] candidate, double[] newGradient, double newValue) {
        double[] s = candidate.clone();
        double[] y = newGradient.clone();
        Triangular.axpy(-1, x, 0, s, 0, s.length);
        Triangular.axpy(-1, gradient, 0, y, 0, y.length);
        pairs.addFirst(new Pair(s, y, 1 / dot(s, y)));
        if (pairs.size() > MEMORY) {
            pairs.removeLast();
        }
        x = candidate;
        gradient = newGradient;
        value = newValue;
    }

    private static double dot(double[] a, double[] b) {
        return Triangular.dot(a, 0, b, 0, a.length);
    }
}
