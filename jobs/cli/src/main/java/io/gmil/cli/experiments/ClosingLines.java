package io.gmil.cli.experiments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the console says at the end: a line for each setting of each comparison. */
public final class ClosingLines {

    private ClosingLines() {}

    /** Several lines without a line end at the end. */
    public static String of(List<Result> results) {
        List<String> lines = new ArrayList<>();
        for (Result result : results) {
            Contrast contrast = result.experiment().contrast();
            lines.add("");
            lines.add(String.format(
                    Locale.ROOT,
                    "%s: %s, %s against %s   (%d fits, %.0f s)",
                    result.name(),
                    contrast.figure().title(),
                    contrast.model(),
                    contrast.other(),
                    result.fits().size(),
                    result.seconds()));
            for (Contrast.Difference difference : result.differences()) {
                lines.add(String.format(
                        Locale.ROOT,
                        "  %-18s %-14s  %-14s   difference %-15s  higher in %d of %d",
                        difference.setting(),
                        mean(result, difference.setting(), contrast.model()),
                        mean(result, difference.setting(), contrast.other()),
                        contrast.figure().text(difference.difference()),
                        difference.higher(),
                        difference.of()));
            }
        }
        return String.join("\n", lines);
    }

    private static String mean(Result result, String setting, String model) {
        Figure figure = result.experiment().contrast().figure();
        return figure.text(Measured.spread(result.fits(), setting, model, figure));
    }
}
