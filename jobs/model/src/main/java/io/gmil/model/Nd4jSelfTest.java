package io.gmil.model;

import java.util.Arrays;
import java.util.Random;

/**
 * Compares the native library with plain computation once per process. The OpenBLAS that some ND4J releases bundle
 * solves double triangular systems wrongly on processors with AVX-512, silently at times.
 */
final class Nd4jSelfTest {
    private static final int N = 300;
    private static final int EXTRA = 40;
    private static final int WIDTH = 40;
    private static final int COLUMNS = 16;
    private static final double TOLERANCE = 1e-8;

    private static boolean passed;

    private Nd4jSelfTest() {}

    /** @throws IllegalStateException if results are wrong; asked again, it tests again */
    static synchronized void require() {
        if (!passed) {
            test(new Nd4jAlgebra(false));
            passed = true;
        }
    }

    /** Builds A = I + RᵀR, factorises it and inverts the factor, then looks at |L⁻¹ A L⁻ᵀ − I|. */
    static void test(LinearAlgebra algebra) {
        double[] rows = new double[EXTRA * N];
        double[] signs = new double[EXTRA];
        Random random = new Random(1);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = random.nextGaussian();
        }
        Arrays.fill(signs, 1);
        double[] plain = identity();
        new EjmlAlgebra().addOuterProducts(rows, signs, EXTRA, N, plain);
        double[] a = identity();
        algebra.addOuterProducts(rows, signs, EXTRA, N, a);
        expect("dsyrk", lowerDifference(a, plain));
        if (!algebra.cholesky(a, N)) {
            throw broken("dpotrf refuses a positive definite matrix", Double.NaN);
        }
        expect("dpotrf", productError(a, plain));
        double[] l = a.clone();
        algebra.invertLower(a, N);
        expect("dtrtri", inverseError(l, a));
        expect("dgemm", tileError(algebra, rows));
    }

    /** Both products of a tile against plain Java. */
    private static double tileError(LinearAlgebra algebra, double[] numbers) {
        double[] mean = Arrays.copyOf(numbers, WIDTH);
        CellTile tile = algebra.tile(mean, COLUMNS);
        int rows = Math.min(tile.capacity(), numbers.length / WIDTH);
        float[] cells = new float[rows * WIDTH];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) numbers[i];
        }
        JavaTile plain = new JavaTile(mean, rows);
        plain.append(cells, 0, rows);
        tile.append(cells, 0, rows);
        double[] expected = new double[rows * COLUMNS];
        double[] actual = new double[tile.capacity() * COLUMNS];
        plain.project(numbers, COLUMNS, expected);
        tile.project(numbers, COLUMNS, actual);
        double worst = difference(actual, expected, expected.length);
        double[] expectedSums = new double[COLUMNS * WIDTH];
        double[] actualSums = new double[COLUMNS * WIDTH];
        plain.accumulate(expected, COLUMNS, 1, rows, true, expectedSums);
        tile.accumulate(actual, COLUMNS, 1, rows, true, actualSums);
        return worse(worst, difference(actualSums, expectedSums, expectedSums.length));
    }

    private static double difference(double[] a, double[] b, int n) {
        double worst = 0;
        for (int i = 0; i < n; i++) {
            worst = worse(worst, a[i] - b[i]);
        }
        return worst;
    }

    private static double[] identity() {
        double[] a = new double[N * N];
        for (int i = 0; i < N; i++) {
            a[i * N + i] = 1;
        }
        return a;
    }

    private static double lowerDifference(double[] a, double[] b) {
        double worst = 0;
        for (int i = 0; i < N; i++) {
            for (int j = 0; j <= i; j++) {
                worst = worse(worst, a[i * N + j] - b[i * N + j]);
            }
        }
        return worst;
    }

    /** max |L Lᵀ − A|. */
    private static double productError(double[] l, double[] a) {
        double worst = 0;
        for (int i = 0; i < N; i++) {
            for (int j = 0; j <= i; j++) {
                worst = worse(worst, Triangular.dot(l, i * N, l, j * N, j + 1) - a[i * N + j]);
            }
        }
        return worst;
    }

    /** max |L M − I|. */
    private static double inverseError(double[] l, double[] m) {
        double worst = 0;
        for (int i = 0; i < N; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? -1 : 0;
                for (int k = j; k <= i; k++) {
                    sum += l[i * N + k] * m[k * N + j];
                }
                worst = worse(worst, sum);
            }
        }
        return worst;
    }

    /** Keeps NaN. */
    private static double worse(double worst, double value) {
        return Double.isNaN(worst) || Math.abs(value) <= worst ? worst : Math.abs(value);
    }

    private static void expect(String routine, double error) {
        if (!(error <= TOLERANCE)) {
            throw broken(routine, error);
        }
    }

    private static IllegalStateException broken(String routine, double error) {
        return new IllegalStateException("OpenBLAS is broken on this processor: " + routine + " is off by " + error
                + ", expected at most " + TOLERANCE
                + ". Put org.bytedeco:openblas 0.3.31-1.5.13 and org.bytedeco:javacpp 1.5.13 on the class path in place"
                + " of the ones bundled with ND4J, or set OPENBLAS_CORETYPE=Haswell in the environment");
    }
}
