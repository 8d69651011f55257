package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnFormTest {

    private static final int BAGS = 37;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 61, 63})
    void manyGradientsGetTheBitsOfEachAlone(int d) {
        Random random = new Random(d);
        double[] packed = random.doubles(d * (d + 1) / 2, -2, 2).toArray();
        double[][] gradients = new double[BAGS][];
        for (int n = 0; n < BAGS; n++) {
            gradients[n] = random.doubles(d, -3, 3).toArray();
        }
        ColumnForm form = new ColumnForm(packed, d, true);
        double[] together = new double[BAGS];
        form.of(gradients, BAGS, together);
        for (int n = 0; n < BAGS; n++) {
            assertThat(together[n])
                    .isEqualTo(form.of(gradients[n]))
                    .isCloseTo(direct(packed, gradients[n]), within(1e-9));
        }
        double[] few = new double[BAGS];
        form.of(gradients, 20, few);
        for (int n = 0; n < 20; n++) {
            assertThat(few[n]).isEqualTo(together[n]);
        }
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
