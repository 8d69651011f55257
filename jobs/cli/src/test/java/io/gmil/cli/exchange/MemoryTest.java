package io.gmil.cli.exchange;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import org.junit.jupiter.api.Test;

class MemoryTest {

    @Test
    void refusesWhatDoesNotFit() {
        assertThatCode(() -> Memory.require("--out", 1e6)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Memory.require("--out", 1e15))
                .isInstanceOf(UsageException.class)
                .hasMessageMatching("--out: expected a model that takes at most .* GB of heap, got one that takes about"
                        + " 1000000.0 GB; set GMIL_JAVA_OPTS to a larger -Xmx");
        assertThatCode(() -> Memory.requireLength("--out", 1e9)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Memory.requireLength("--out", 3e9))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("expected a covariance of at most 2.1 GB, got 3.0 GB");
    }
}
