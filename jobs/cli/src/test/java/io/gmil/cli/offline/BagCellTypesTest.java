package io.gmil.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cohort.CohortException;
import io.gmil.cohort.Sample;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BagCellTypesTest {

    private static BagCellTypes of(int cells) {
        return new BagCellTypes(
                new Sample("s", "p", cells, OptionalDouble.empty(), new double[0], false, OptionalDouble.empty()));
    }

    @Test
    void onlyTheFirstOfAnArrayCountAndNoTypeIsUnknown() {
        BagCellTypes types = of(5);
        types.put(1, new String[] {"T", null, "B", "of an earlier run"}, 3);
        types.put(0, new String[] {"B"}, 1);

        assertThat(types.names()).containsExactly("T", "B");
        assertThat(types.request(3).cellTypeCodes()).containsExactly(1, 0, -1, 1, -1);
        assertThat(types.request(3).cellTypes()).isEqualTo(2);
    }

    @Test
    void aColumnOfBarcodesIsNoColumnOfTypes() {
        String[] barcodes =
                IntStream.range(0, 32_768).mapToObj(Integer::toString).toArray(String[]::new);
        BagCellTypes types = of(barcodes.length);
        types.put(0, barcodes, barcodes.length - 1);
        assertThat(types.names()).hasSize(32_767);

        assertThatThrownBy(() -> types.put(0, barcodes, barcodes.length))
                .isInstanceOf(CohortException.class)
                .hasMessage("cell types of sample 's': expected at most 32767, got more; is it their column?");
    }
}
