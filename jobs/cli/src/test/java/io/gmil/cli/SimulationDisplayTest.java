package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class SimulationDisplayTest {

    private static String shown(boolean terminal) {
        StringWriter text = new StringWriter();
        try (SimulationDisplay display = new SimulationDisplay(8, new PrintWriter(text), terminal);
                SimulatedCohort cohort =
                        new SimulatedCohort(new SimulationOptions(6, 2, 5, 3, 0.5, 0.8, -1, 42), display)) {
            assertThat(cohort.samples()).hasSize(8);
        }
        return text.toString();
    }

    @Test
    void aTerminalShowsBagsUntilAllAreDrawn() {
        assertThat(shown(true))
                .contains("] bags 1/8", "[##############################] bags 8/8")
                .endsWith(System.lineSeparator());
    }

    @Test
    void elsewhereNothingIsShown() {
        assertThat(shown(false)).isEmpty();
    }
}
