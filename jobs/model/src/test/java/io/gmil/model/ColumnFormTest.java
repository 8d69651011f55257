package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnFormTest {

    private static final int BAGS = 37;

    private final BagForms together = new BagForms(true);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 61, 63, 130, 256, 392})
    void manyGradientsGetTheBitsOfEachAlone(int d) {
        Random random = new Random(d);
        double[] packed = random.doubles(d * (d + 1) / 2, -2, 2).toArray();
        double[][] gradients = gradients(random, d);
        ColumnForm form = new ColumnForm(packed, d, true);
        double[] values = new double[BAGS];
        form.of(gradients, BAGS, values, together);
        for (int n = 0; n < BAGS; n++) {
            double expected = direct(packed, gradients[n]);
            assertThat(values[n]).isEqualTo(form.of(gradients[n])).isCloseTo(expected, within(1e-12 * expected));
        }
        double[] few = new double[BAGS];
        form.of(gradients, 20, few, together);
        for (int n = 0; n < 20; n++) {
            assertThat(few[n]).isEqualTo(values[n]);
        }
    }

    @Test
    void aGradientThatIsNotFiniteTouchesNoOther() {
        int d = 13;
        Random random = new Random(1);
        ColumnForm form = new ColumnForm(random.doubles(d * (d + 1) / 2, -2, 2).toArray(), d, true);
        double[][] gradients = gradients(random, d);
        double[] expected = new double[BAGS];
        form.of(gradients, BAGS, expected, together);
        double[] kept = gradients[5].clone();
        gradients[5][d - 1] = Double.NaN;
        double[] values = new double[BAGS];
        form.of(gradients, BAGS, values, together);
        assertThat(values[5]).isNaN();
        values[5] = expected[5];
        assertThat(values).isEqualTo(expected);
        gradients[5] = kept;
        form.of(gradients, BAGS, values, together);
        assertThat(values).isEqualTo(expected);
    }

    /** Products of what is left of a larger call would exceed all numbers after a thousand smaller ones. */
    @Test
    void whatALargerCallLeftDoesNotGrow() {
        int d = 13;
        Random random = new Random(2);
        ColumnForm form = new ColumnForm(random.doubles(d * (d + 1) / 2, 2, 3).toArray(), d, true);
        double[][] gradients = gradients(random, d);
        double[] expected = new double[BAGS];
        form.of(gradients, BAGS, expected, together);
        double[] values = new double[BAGS];
        for (int k = 0; k < 1500; k++) {
            form.of(gradients, BagForm.WORTHWHILE, values, together);
        }
        form.of(gradients, BAGS, values, together);
        assertThat(values).isEqualTo(expected);
    }

    @Test
    void fewGradientsAndPredictorsWithoutTheNativeLibraryGoOneByOne() {
        assertThat(together.of(61, BagForm.WORTHWHILE - 1)).isNull();
        assertThat(new BagForms(false).of(61, BagForm.BAGS)).isNull();
        assertThat(together.of(61, BAGS)).isSameAs(together.of(61, BagForm.BAGS));
    }

    private static double[][] gradients(Random random, int d) {
        double[][] gradients = new double[BAGS][];
        for (int n = 0; n < BAGS; n++) {
            gradients[n] = random.doubles(d, -3, 3).toArray();
        }
        return gradients;
    }

    /** |L⁻¹J|². */
    private static double direct(double[] packed, double[] gradient) {
        double sum = 0;
        for (int i = 0, at = 0; i < gradient.length; i++) {
            double product = 0;
            for (int j = 0; j <= i; j++) {
                product += packed[at++] * gradient[j];
            }
            sum += product * product;
        }
        return sum;
    }
}
