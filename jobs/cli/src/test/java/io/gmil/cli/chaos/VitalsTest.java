package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.cluster.ClusterException;
import org.junit.jupiter.api.Test;

class VitalsTest {

    @Test
    void readsTheTotalOfAHistogram() {
        String histogram = """
                4711:
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         28461        2683328  [B (java.base@17.0.15)
                Total        312345       22400000
                """;

        assertThat(Vitals.liveBytes(histogram)).isEqualTo(22_400_000);
    }

    @Test
    void saysWhatItGotInstead() {
        assertThatThrownBy(() -> Vitals.liveBytes("4711: No such process\n"))
                .isInstanceOf(ClusterException.class)
                .hasMessageEndingWith("got: 4711: No such process");
    }
}
