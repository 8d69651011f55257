package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CellsTest {
    @Test
    void cellsInAnArray() {
        float[] values = {1, 2, 3, 4};
        int[] visited = new int[1];
        Cells.of(values, 2, 2).forEachBlock((block, rows) -> visited[0] += rows);
        Cells.of(values, 0, 2).forEachBlock((block, rows) -> visited[0] += 100);
        assertThat(visited[0]).isEqualTo(2);
        assertThatThrownBy(() -> Cells.of(values, 3, 2))
                .hasMessage("cells: expected 3 rows of width 2 (at least 1), got 4 values");
        assertThatThrownBy(() -> Cells.of(values, -1, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Cells.of(values, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Cells.of(values, 4, 1).count()).isEqualTo(4);
    }
}
