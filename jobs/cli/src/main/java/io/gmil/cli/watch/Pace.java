package io.gmil.cli.watch;

import io.gmil.schema.Prediction;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;

/**
 * How fast bags were predicted on arrival: all of them, and the later half, when the program is warm.
 *
 * @param cells of all bags
 * @param seconds from the start to the last of them
 * @param warmCells of the later half
 * @param warmSeconds from the last prediction of the earlier half on
 */
public record Pace(long cells, double seconds, long warmCells, double warmSeconds) {

    private static final double MILLIS = 1e3;

    /**
     * @param arrivals may hold nulls
     * @param start epoch milliseconds
     */
    static Pace of(Prediction[] arrivals, long start) {
        Prediction[] ordered = Arrays.stream(arrivals)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Prediction::getPredictedAt))
                .toArray(Prediction[]::new);
        int half = ordered.length / 2;
        long cells = 0;
        long warmCells = 0;
        for (int i = 0; i < ordered.length; i++) {
            cells += ordered[i].getCells();
            warmCells += i < half ? 0 : ordered[i].getCells();
        }
        long last = ordered.length == 0 ? start : millis(ordered[ordered.length - 1]);
        long warmStart = half == 0 ? start : millis(ordered[half - 1]);
        return new Pace(cells, (last - start) / MILLIS, warmCells, (last - warmStart) / MILLIS);
    }

    private static long millis(Prediction prediction) {
        return prediction.getPredictedAt().toEpochMilli();
    }
}
