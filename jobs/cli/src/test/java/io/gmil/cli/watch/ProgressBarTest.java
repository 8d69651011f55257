package io.gmil.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressBarTest {

    @Test
    void isFullAtTheEndAndNotBefore() {
        assertThat(ProgressBar.of("cells", 0, 7)).isEqualTo("[" + "-".repeat(30) + "] cells 0/7");
        assertThat(ProgressBar.of("cells", 2_999_999_999L, 3_000_000_000L))
                .isEqualTo("[" + "#".repeat(29) + "-] cells 2999999999/3000000000");
        assertThat(ProgressBar.of("cells", 7, 7)).isEqualTo("[" + "#".repeat(30) + "] cells 7/7");
        assertThat(ProgressBar.of("cells", 0, 0)).startsWith("[" + "#".repeat(30) + "]");
    }
}
