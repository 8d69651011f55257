package io.gmil.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StatusLineTest {

    private static Snapshot snapshot(boolean settled, OptionalDouble auc) {
        return new Snapshot(
                1200,
                310,
                15_500,
                1000,
                250,
                42,
                Optional.of("mean_pooling"),
                17,
                settled,
                240,
                auc,
                OptionalDouble.of(0.61234),
                0,
                0,
                0);
    }

    @Test
    void saysHowFarTheRunIs() {
        String line =
                StatusLine.of(snapshot(false, OptionalDouble.of(0.7)), 12_345, URI.create("http://localhost:8081"));

        assertThat(line)
                .isEqualTo("bags 310/1200  labelled 250/1000  12k cells/s  posterior v42 mean pooling  stale 17"
                        + "  prequential AUC 0.700 log loss 0.612  http://localhost:8081");
    }

    @Test
    void unknownFiguresAreDashes() {
        String line = StatusLine.of(snapshot(true, OptionalDouble.empty()), 1, URI.create("http://localhost:8081"));

        assertThat(line).contains("posterior v42 settled", "AUC - ");
    }

    @Test
    void aPlainDisplayPrintsLinesEveryFewSeconds() {
        StringWriter text = new StringWriter();
        Display display = new Display(new PrintWriter(text), false);
        assertThat(display.due(0)).isTrue();
        display.status("one", 0);
        assertThat(display.due(1_000_000_000L)).isFalse();
        assertThat(display.due(5_000_000_000L)).isTrue();
        display.println("two");
        display.close();

        assertThat(text.toString()).isEqualToNormalizingNewlines("one\ntwo\n");
    }

    @Test
    void aTerminalReplacesTheStatus() {
        StringWriter text = new StringWriter();
        try (Display display = new Display(new PrintWriter(text), true)) {
            display.status("one", 0);
            display.println("stays");
            display.status("two", 1);
        }

        String clear = "\r\u001b[2K";
        assertThat(text.toString())
                .isEqualToNormalizingNewlines(
                        clear + "\u001b[?7lone\u001b[?7h" + clear + "stays\n" + clear + "\u001b[?7ltwo\u001b[?7h\n");
    }
}
