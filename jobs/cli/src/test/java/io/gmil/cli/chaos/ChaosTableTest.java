package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChaosTableTest {

    private static final Map<String, Integer> NONE = Map.of("predictions", 0);

    private final StringWriter text = new StringWriter();
    private final ChaosTable table = new ChaosTable(new PrintWriter(text));

    @Test
    void aSoundTrialIsOneLine() {
        Trial trial = trial(NONE, NONE, 7.25, 0.9, List.of());

        table.line("a fault", trial, trial);

        assertThat(text.toString()).matches("a fault +240 +0 +0 +7\\.3 s +40 +exact +0\\.900 \\(0\\.900\\)\\R");
        assertThat(table.sound()).isTrue();
    }

    @Test
    void whatIsLostIsCountedAndNamed() {
        Trial trial = trial(Map.of("predictions", 3, "receipts", 0), NONE, Double.NaN, 0.9, List.of());

        table.line("a fault", trial, trial);

        assertThat(text.toString()).contains(" 3 ", " never ", "  !", "  lost: 3 predictions");
        assertThat(text.toString()).doesNotContain("receipts");
        assertThat(table.sound()).isFalse();
    }

    @Test
    void aFlawMakesATrialUnsound() {
        Trial trial = trial(NONE, NONE, 7, 0.9, List.of("no checkpoint failed without its folder"));

        table.line("a fault", trial, trial);

        assertThat(text.toString()).contains("  no checkpoint failed without its folder  !");
        assertThat(table.sound()).isFalse();
    }

    @Test
    void soDoesAnotherModel() {
        table.line("a fault", trial(NONE, NONE, 7, 0.9, List.of()), trial(NONE, NONE, 7, 0.92, List.of()));

        assertThat(table.sound()).isFalse();
    }

    private static Trial trial(
            Map<String, Integer> lost, Map<String, Integer> doubled, double recovery, double rho, List<String> flaws) {
        return new Trial(Fault.NONE, 240, lost, doubled, recovery, rho, 40, 40, true, flaws);
    }
}
