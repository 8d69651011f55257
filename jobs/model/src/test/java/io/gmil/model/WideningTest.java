package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class WideningTest {
    private static final int D = 5;

    private final LinearAlgebra algebra = new EjmlAlgebra();
    private final double[] precision = precision();
    private final double[] inverseCholesky = inverseCholesky();

    private static double[] precision() {
        Random random = new Random(3);
        double[] a = random.doubles(D * D, -1, 1).toArray();
        double[] precision = new double[D * D];
        for (int i = 0; i < D; i++) {
            precision[i * D + i] = 0.5;
            for (int j = 0; j < D; j++) {
                precision[i * D + j] += Triangular.dot(a, i * D, a, j * D, D);
            }
        }
        return precision;
    }

    private double[] inverseCholesky() {
        double[] l = precision.clone();
        assertThat(algebra.cholesky(l, D)).isTrue();
        algebra.invertLower(l, D);
        return l;
    }

    /** JᵀSJ after the share has been taken off in all directions, relative to the one before. */
    private double growth(double share) {
        double[] curvature = precision.clone();
        for (int i = 0; i < curvature.length; i++) {
            curvature[i] *= share;
        }
        double[] widened = Widening.of(inverseCholesky, curvature, D, algebra);
        double[] jacobian = {1, -2, 0.5, 3, -0.25};
        return Factor.exact(D, Triangular.pack(widened, D)).variance(jacobian)
                / Factor.exact(D, Triangular.pack(inverseCholesky, D)).variance(jacobian);
    }

    @Test
    void theVarianceIsThatOfTheRemainingPrecision() {
        assertThat(growth(0)).isCloseTo(1, within(1e-10));
        assertThat(growth(0.5)).isCloseTo(2, within(1e-9));
        assertThat(growth(-1)).isCloseTo(0.5, within(1e-10));
    }

    @Test
    void noDirectionLosesMoreThanTheMost() {
        assertThat(growth(0.999)).isCloseTo(1 / (1 - Widening.MOST), within(1e-9));
        assertThat(growth(40)).isCloseTo(1 / (1 - Widening.MOST), within(1e-9));
    }

    @Test
    void onlyTheDirectionOfTheCurvatureChanges() {
        double[] curvature = new double[D * D];
        curvature[0] = 0.1;
        double[] widened = Widening.of(inverseCholesky, curvature, D, algebra);
        // Λ − c e₀e₀ᵀ: of a vector v with (Λ⁻¹v)₀ = 0 the variance stays (Sherman–Morrison).
        double[] v = new double[D];
        for (int i = 0; i < D; i++) {
            v[i] = precision[i * D + 1];
        }
        assertThat(Factor.exact(D, Triangular.pack(widened, D)).variance(v)).isCloseTo(precision[D + 1], within(1e-9));
        double[] first = {1, 0, 0, 0, 0};
        assertThat(Factor.exact(D, Triangular.pack(widened, D)).variance(first))
                .isGreaterThan(
                        Factor.exact(D, Triangular.pack(inverseCholesky, D)).variance(first));
    }
}
