package io.gmil.cli.watch;

import java.net.URI;
import java.util.Locale;
import java.util.OptionalDouble;

/** How far a run is, in one line. */
public final class StatusLine {

    private StatusLine() {}

    public static String of(Snapshot now, double cellsPerSecond, URI dashboard) {
        StringBuilder line = new StringBuilder();
        line.append("bags ").append(now.complete()).append('/').append(now.bags());
        line.append("  labelled ").append(now.labelled()).append('/').append(now.labels());
        line.append("  ").append(count(cellsPerSecond)).append(" cells/s");
        line.append("  posterior v").append(now.posteriorVersion()).append(phase(now));
        line.append("  stale ").append(now.staleSites());
        line.append("  prequential AUC ").append(figure(now.auc()));
        line.append(" log loss ").append(figure(now.logLoss()));
        if (now.finals() > 0) {
            line.append("  final ").append(now.finals()).append('/').append(now.bags());
        }
        if (now.rejected() > 0) {
            line.append("  rejected ").append(now.rejected());
        }
        return line.append("  ").append(dashboard).toString();
    }

    private static String phase(Snapshot now) {
        return now.settled()
                ? " settled"
                : now.phase().map(phase -> " " + phase.replace('_', ' ')).orElse("");
    }

    private static String figure(OptionalDouble value) {
        return value.isPresent() ? String.format(Locale.ROOT, "%.3f", value.getAsDouble()) : "-";
    }

    static String count(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.1fM", value / 1e6);
        }
        return value >= 10_000
                ? String.format(Locale.ROOT, "%.0fk", value / 1e3)
                : String.format(Locale.ROOT, "%.0f", value);
    }
}
