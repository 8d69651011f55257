package io.gmil.model;

/**
 * A precision Λ = L Lᵀ without the site of one bag, Λ₋ = Λ − RᵀR, by Woodbury's identity on the k rows of the site:
 *
 * <pre>
 * V = R L⁻ᵀ (k × D),   Λ₋⁻¹ = L⁻ᵀ (I + Vᵀ (I − V Vᵀ)⁻¹ V) L⁻¹
 * </pre>
 */
final class Cavity {
    /** A bag that alone knows a direction leaves this share of the precision there: more than rounding. */
    private static final double LEAST_SHARE = 1e-9;

    private final double[] l;
    private final int d;
    private final int k;
    private final double[] v;

    /** The Cholesky factor of I − V Vᵀ (k × k). */
    private final double[] rest;

    private final double leverage;

    /**
     * @param l the Cholesky factor of Λ (D × D, lower triangle), which has the site in it; shared
     * @param weight w of the site in Λ: R = √w rows
     */
    Cavity(double[] l, Site site, double weight) {
        this.l = l;
        this.d = site.dimension();
        this.k = site.rank();
        this.v = new double[k * d];
        double root = Math.sqrt(weight);
        double[] row = new double[d];
        for (int a = 0; a < k; a++) {
            for (int i = 0; i < d; i++) {
                row[i] = root * site.rows()[a * d + i];
            }
            Triangular.solve(l, d, row);
            System.arraycopy(row, 0, v, a * d, d);
        }
        this.rest = new double[k * k];
        double trace = 0;
        for (int a = 0; a < k; a++) {
            for (int b = 0; b <= a; b++) {
                rest[a * k + b] = -Triangular.dot(v, a * d, v, b * d, d);
            }
            trace -= rest[a * k + a];
            rest[a * k + a] += 1 + LEAST_SHARE;
        }
        this.leverage = trace;
        if (!new EjmlAlgebra().cholesky(rest, k)) {
            throw new IllegalArgumentException(
                    "site: expected one that is in the precision, got one of leverage " + trace);
        }
    }

    /** tr(Λ⁻¹RᵀR): of how many parameters the bag has the say; over all bags the effective number of parameters. */
    double leverage() {
        return leverage;
    }

    /** x = Λ₋⁻¹ g (D). */
    double[] solve(double[] gradient) {
        double[] x = gradient.clone();
        Triangular.solve(l, d, x);
        double[] inner = times(x);
        Triangular.solve(rest, k, inner);
        Triangular.solveTransposed(rest, k, inner);
        for (int a = 0; a < k; a++) {
            Triangular.axpy(inner[a], v, a * d, x, 0, d);
        }
        Triangular.solveTransposed(l, d, x);
        return x;
    }

    /** JᵀΛ₋⁻¹J / JᵀΛ⁻¹J: how much less is known of η, at least 1. */
    double growth(double[] jacobian) {
        double[] x = jacobian.clone();
        Triangular.solve(l, d, x);
        double[] inner = times(x);
        Triangular.solve(rest, k, inner);
        return 1 + Triangular.dot(inner, 0, inner, 0, k) / Triangular.dot(x, 0, x, 0, d);
    }

    /** V x. */
    private double[] times(double[] x) {
        double[] product = new double[k];
        for (int a = 0; a < k; a++) {
            product[a] = Triangular.dot(v, a * d, x, 0, d);
        }
        return product;
    }
}
