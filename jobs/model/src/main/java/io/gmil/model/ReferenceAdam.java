package io.gmil.model;

import java.util.List;

/**
 * Adam with PyTorch's defaults (Kingma and Ba 2015): m ← .9 m + .1 g, v ← .999 v + .001 g²,
 * θ ← θ − rate · m̂ / (√v̂ + 1e-8), both corrected for their start at 0.
 */
final class ReferenceAdam {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final List<double[]> parameters;
    private final List<double[]> first;
    private final List<double[]> second;
    private final double rate;
    private int steps;

    /** @param parameters changed in place */
    ReferenceAdam(List<double[]> parameters, double rate) {
        this.parameters = parameters;
        this.rate = rate;
        this.first = parameters.stream().map(p -> new double[p.length]).toList();
        this.second = parameters.stream().map(p -> new double[p.length]).toList();
    }

    /** @param gradients in the order and shapes of the parameters */
    void step(List<double[]> gradients) {
        steps++;
        double correction1 = 1 - Math.pow(BETA1, steps);
        double correction2 = Math.sqrt(1 - Math.pow(BETA2, steps));
        for (int a = 0; a < gradients.size(); a++) {
            double[] theta = parameters.get(a);
            double[] g = gradients.get(a);
            double[] m = first.get(a);
            double[] v = second.get(a);
            for (int i = 0; i < g.length; i++) {
                m[i] += (1 - BETA1) * (g[i] - m[i]);
                v[i] = BETA2 * v[i] + (1 - BETA2) * g[i] * g[i];
                theta[i] -= rate / correction1 * m[i] / (Math.sqrt(v[i]) / correction2 + EPSILON);
            }
        }
    }
}
