package io.gmil.cli.evaluate;

import java.util.Arrays;

/**
 * Mean and standard deviation (divisor n − 1) over repeats.
 *
 * @param mean null where no repeat has the figure
 * @param sd null with fewer than two repeats that have it
 */
public record Spread(Double mean, Double sd) {

    /** Of the values that are numbers. */
    public static Spread of(double... values) {
        double[] known = Arrays.stream(values).filter(Double::isFinite).toArray();
        if (known.length == 0) {
            return new Spread(null, null);
        }
        double mean = mean(known);
        double squares = Arrays.stream(known)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return new Spread(mean, known.length < 2 ? null : Math.sqrt(squares / (known.length - 1)));
    }

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
