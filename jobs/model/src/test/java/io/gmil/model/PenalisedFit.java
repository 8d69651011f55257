package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * A reference of its own making: the mode of log p(y|θ) − ½ θᵀ Λ₀ θ by damped Gauss–Newton steps that start at the true θ.
 * Who tries several Λ₀ and keeps the one with the best test figure has a fit that is tuned by an oracle.
 */
final class PenalisedFit {
    private static final int STEPS = 40;
    private static final double DAMPING = 0.5;

    private PenalisedFit() {}

    /** θ of each class. */
    static double[][] of(KnownTruth truth, ModelSpec spec, Variances variances) {
        double[] prior = spec.priorPrecision(variances);
        double[][] theta = Arrays.stream(truth.theta).map(double[]::clone).toArray(double[][]::new);
        for (int step = 0; step < STEPS; step++) {
            move(truth, spec, prior, variances.noise(), theta);
        }
        return theta;
    }

    private static void move(KnownTruth truth, ModelSpec spec, double[] prior, double noise, double[][] theta) {
        int d = spec.dimension();
        int classes = theta.length;
        DMatrixRMaj[] curvature = new DMatrixRMaj[classes];
        DMatrixRMaj[] gradient = new DMatrixRMaj[classes];
        for (int c = 0; c < classes; c++) {
            curvature[c] = new DMatrixRMaj(d, d);
            gradient[c] = new DMatrixRMaj(d, 1);
            for (int i = 0; i < d; i++) {
                curvature[c].set(i, i, prior[i]);
                gradient[c].set(i, 0, -prior[i] * theta[c][i]);
            }
        }
        double[] eta = new double[classes];
        double[] e1 = new double[classes];
        double[] e2 = new double[classes];
        double[] j = new double[d];
        List<Draws> draws =
                Arrays.stream(theta).map(each -> new Draws(spec, each, 1)).toList();
        CellSweep.of(draws, truth.scaler, new EjmlAlgebra()).run(truth.training, draws, (n, sums) -> {
            LabelledBag bag = truth.training.get(n);
            for (int c = 0; c < classes; c++) {
                eta[c] = draws.get(c).eta(0, bag, sums, c);
            }
            spec.likelihood().derivatives(bag.labels()[0], eta, e1, e2);
            for (int c = 0; c < classes; c++) {
                sums.jacobian(spec, c, bag.fixedEffects(), true, j, 0);
                DMatrixRMaj row = DMatrixRMaj.wrap(d, 1, j);
                CommonOps_DDRM.multAddTransB(e2[c] / noise, row, row, curvature[c]);
                CommonOps_DDRM.addEquals(gradient[c], e1[c] / noise, row);
            }
        });
        for (int c = 0; c < classes; c++) {
            DMatrixRMaj delta = new DMatrixRMaj(d, 1);
            if (!CommonOps_DDRM.solve(curvature[c], gradient[c], delta)) {
                throw new IllegalStateException("singular curvature of class " + c);
            }
            for (int i = 0; i < d; i++) {
                theta[c][i] += DAMPING * delta.get(i);
            }
        }
    }
}
