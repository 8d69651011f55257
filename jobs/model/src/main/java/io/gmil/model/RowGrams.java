package io.gmil.model;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas;

/**
 * The Gram matrices R_b R_bᵀ (M × M) of the columns of γ and of β, kept from step to step: only rows that changed cost
 * O(M D) each, and new prior variances cost nothing, as R Λ₀⁻¹ Rᵀ is their weighted sum. The few columns of the fixed
 * effects and intercepts are multiplied when they are needed.
 */
final class RowGrams {
    /** Doubles of one native stack of rows. */
    private static final int STACK_VALUES = 1 << 22;

    private static final int MOST_ROWS = 512;

    /** Of {@link ModelSpec#blocks()} the first with a Gram matrix. */
    private static final int WIDE = 2;

    private final int[] blocks;
    private final int stack;
    private final Nd4jAlgebra algebra = new Nd4jAlgebra();

    /** By wide block: the lower triangle by rows, which grows at its end. */
    private final double[][] grams;

    private NativeMatrix left;
    private NativeMatrix right;
    private NativeMatrix product;

    RowGrams(int[] blocks) {
        this.blocks = blocks;
        this.stack = Math.max(16, Math.min(MOST_ROWS, STACK_VALUES / blocks[blocks.length - 1]));
        this.grams = new double[blocks.length - 1 - WIDE][0];
    }

    /** Of these rows. */
    static RowGrams of(int[] blocks, Rows rows) {
        RowGrams grams = new RowGrams(blocks);
        grams.update(rows, IntStream.range(0, rows.count()).toArray());
        return grams;
    }

    /** Takes in these rows, after they have changed. */
    void update(Rows rows, int[] changed) {
        int m = rows.count();
        for (int b = 0; b < grams.length; b++) {
            grams[b] = Arrays.copyOf(grams[b], m * (m + 1) / 2);
        }
        if (left == null && changed.length > 0) {
            left = new NativeMatrix(rows.dimension(), stack);
            right = new NativeMatrix(rows.dimension(), stack);
            product = new NativeMatrix(stack, stack);
        }
        double[] values = new double[stack * stack];
        for (int from = 0; from < changed.length; from += stack) {
            int[] some = Arrays.copyOfRange(changed, from, Math.min(changed.length, from + stack));
            load(left, rows, some);
            for (int first = 0; first < m; first += stack) {
                int[] others =
                        IntStream.range(first, Math.min(m, first + stack)).toArray();
                load(right, rows, others);
                for (int b = 0; b < grams.length; b++) {
                    multiply(b, some.length, others.length, values);
                    spread(values, some, others, grams[b]);
                }
            }
        }
    }

    private static void load(NativeMatrix to, Rows rows, int[] indices) {
        double[] zero = null;
        for (int k = 0; k < indices.length; k++) {
            double[] values = rows.values()[indices[k]];
            if (values == null) {
                zero = zero == null ? new double[rows.dimension()] : zero;
                to.put(zero, 0, k, zero.length);
            } else {
                to.put(values, rows.offsets()[indices[k]], k, rows.dimension());
            }
        }
    }

    private void multiply(int gram, int rows, int others, double[] out) {
        int d = blocks[blocks.length - 1];
        int from = blocks[gram + WIDE];
        openblas.cblas_dgemm(
                openblas.CblasColMajor,
                openblas.CblasTrans,
                openblas.CblasNoTrans,
                rows,
                others,
                blocks[gram + WIDE + 1] - from,
                1,
                left.pointer().position(from),
                d,
                right.pointer().position(from),
                d,
                0,
                product.pointer(),
                stack);
        product.get(out, stack * others);
    }

    private void spread(double[] values, int[] rows, int[] others, double[] gram) {
        for (int j = 0; j < others.length; j++) {
            for (int i = 0; i < rows.length; i++) {
                int high = Math.max(rows[i], others[j]);
                int low = Math.min(rows[i], others[j]);
                gram[high * (high + 1) / 2 + low] = values[j * stack + i];
            }
        }
    }

    /**
     * L of A = I + R Λ₀⁻¹ Rᵀ / σ² (M × M), lower triangle; null where that is not positive definite.
     *
     * @param prior the diagonal of Λ₀ by block
     */
    double[] cholesky(Rows rows, double[] prior, double noise) {
        int m = rows.count();
        double[] a = new double[m * m];
        for (int i = 0, at = 0; i < m; at += ++i) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int b = 0; b < grams.length; b++) {
                    sum += grams[b][at + j] / prior[b + WIDE];
                }
                a[i * m + j] = sum / noise;
            }
        }
        for (int k = 0; k < blocks[WIDE]; k++) {
            double[] column = rows.column(k);
            double weight = 1 / (noise * prior[k < blocks[1] ? 0 : 1]);
            for (int i = 0; i < m; i++) {
                Triangular.axpy(weight * column[i], column, 0, a, i * m, i + 1);
            }
        }
        for (int i = 0; i < m; i++) {
            a[i * m + i] += 1;
        }
        return m == 0 || algebra.cholesky(a, m) ? a : null;
    }

    /** Σ S_ii by block: n_b / λ_b − tr(A⁻¹ R_b R_bᵀ) / (λ_b² σ²). */
    double[] traces(Rows rows, double[] prior, double noise, double[] cholesky) {
        double[] traces = new double[prior.length];
        for (int b = 0; b < prior.length; b++) {
            traces[b] = (blocks[b + 1] - blocks[b]) / prior[b];
        }
        int m = rows.count();
        if (m == 0) {
            return traces;
        }
        for (int k = 0; k < blocks[WIDE]; k++) {
            double[] column = rows.column(k);
            Triangular.solve(cholesky, m, column);
            int b = k < blocks[1] ? 0 : 1;
            traces[b] -= Triangular.dot(column, 0, column, 0, m) / (prior[b] * prior[b] * noise);
        }
        double[] inverse = cholesky.clone();
        algebra.invertFactorised(inverse, m);
        for (int b = WIDE; b < prior.length; b++) {
            traces[b] -= product(inverse, grams[b - WIDE], m) / (prior[b] * prior[b] * noise);
        }
        return traces;
    }

    /** tr(X G) of symmetric matrices: X on its lower triangle, G packed. */
    private static double product(double[] x, double[] gram, int m) {
        double sum = 0;
        for (int i = 0, at = 0; i < m; at += ++i) {
            sum += 2 * Triangular.dot(x, i * m, gram, at, i) + x[i * m + i] * gram[at + i];
        }
        return sum;
    }
}
