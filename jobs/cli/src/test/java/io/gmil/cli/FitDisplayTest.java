package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class FitDisplayTest {

    private static String shown(boolean terminal) {
        StringWriter out = new StringWriter();
        try (FitDisplay display = new FitDisplay(new PrintWriter(out), terminal)) {
            display.pass(1, 12);
            display.pass(12, 12);
        }
        return out.toString();
    }

    @Test
    void showsPassesOnATerminalOnly() {
        assertThat(shown(true)).contains("passes 1/12", "passes 12/12, 0 s");
        assertThat(shown(false)).isEmpty();
        assertThat(FitDisplay.line(6, 12, 75)).isEqualTo("[###############---------------] passes 6/12, 75 s");
    }
}
