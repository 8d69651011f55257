package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** A library with a single wrong number in one routine is named; one with rounding errors passes. */
class Nd4jSelfTestTest {
    private static final String BROKEN = "OpenBLAS is broken on this processor: ";

    /** Plain Java, with an error in the last number of one routine's result. */
    private record Faulty(String routine, double error) implements LinearAlgebra {
        private static final LinearAlgebra SOUND = new EjmlAlgebra();

        /** The last row of the triangle, before its diagonal. */
        private void spoil(String name, double[] a, int n) {
            a[n * n - 2] += name.equals(routine) ? error : 0;
        }

        @Override
        public void addOuterProducts(double[] rows, double[] signs, int count, int n, double[] a) {
            SOUND.addOuterProducts(rows, signs, count, n, a);
            spoil("dsyrk", a, n);
        }

        @Override
        public boolean cholesky(double[] a, int n) {
            boolean definite = SOUND.cholesky(a, n);
            spoil("dpotrf", a, n);
            return definite && !routine.equals("refusal");
        }

        @Override
        public void invertLower(double[] l, int n) {
            SOUND.invertLower(l, n);
            spoil("dtrtri", l, n);
        }

        @Override
        public CellTile tile(double[] mean, int columns) {
            return new FaultyTile(EjmlAlgebra.javaTile(mean, columns), routine, error);
        }
    }

    private record FaultyTile(CellTile sound, String routine, double error) implements CellTile {
        @Override
        public int capacity() {
            return sound.capacity();
        }

        @Override
        public int rows() {
            return sound.rows();
        }

        @Override
        public void clear() {
            sound.clear();
        }

        @Override
        public void append(float[] values, int from, int rows) {
            sound.append(values, from, rows);
        }

        @Override
        public void project(double[] parameters, int columns, double[] out) {
            sound.project(parameters, columns, out);
            out[rows() * columns - 1] += routine.equals("project") ? error : 0;
            out[0] = routine.equals("first number") ? Double.NaN : out[0];
        }

        @Override
        public void accumulate(double[] weights, int columns, int from, int to, boolean add, double[] sums) {
            sound.accumulate(weights, columns, from, to, add, sums);
            sums[sums.length - 1] += routine.equals("accumulate") ? error : 0;
        }
    }

    private static void assertNamed(String routine, String named) {
        for (double error : new double[] {1e-3, -1e-3}) {
            assertThatThrownBy(() -> Nd4jSelfTest.test(new Faulty(routine, error)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith(BROKEN + named + " is off by");
        }
    }

    @Test
    void everyRoutineIsTested() {
        assertNamed("dsyrk", "dsyrk");
        assertNamed("dpotrf", "dpotrf");
        assertNamed("dtrtri", "dtrtri");
        assertNamed("project", "dgemm");
        assertNamed("accumulate", "dgemm");
        assertThatThrownBy(() -> Nd4jSelfTest.test(new Faulty("refusal", 0)))
                .hasMessageStartingWith(BROKEN + "dpotrf refuses a positive definite matrix");
    }

    /** A comparison with NaN is false, so one that comes first could be taken for nothing. */
    @Test
    void notANumberIsAFaultWhereverItIs() {
        assertThatThrownBy(() -> Nd4jSelfTest.test(new Faulty("first number", 0)))
                .hasMessageStartingWith(BROKEN + "dgemm is off by NaN");
    }

    @Test
    void roundingIsNoFault() {
        for (String routine : new String[] {"dsyrk", "dpotrf", "dtrtri", "project", "accumulate", "none"}) {
            assertThatCode(() -> Nd4jSelfTest.test(new Faulty(routine, 1e-12)))
                    .as(routine)
                    .doesNotThrowAnyException();
        }
    }
}
