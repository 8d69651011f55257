package io.gmil.model;

import java.util.Arrays;

/**
 * The unit of the labels of a Normal outcome: the model learns (y − mean) / sd, so that its prior fits any unit.
 *
 * @param mean of the training labels
 * @param sd of the training labels, 1 where they do not vary
 */
public record LabelScale(double mean, double sd) {
    /** Of labels that have no unit. */
    public static final LabelScale NONE = new LabelScale(0, 1);

    public LabelScale {
        if (!Double.isFinite(mean) || !(sd > 0) || !Double.isFinite(sd)) {
            throw new IllegalArgumentException(
                    "label scale: expected a finite mean and a positive sd, got " + mean + " and " + sd);
        }
    }

    /** Of these labels (divisor N). */
    public static LabelScale of(double[] labels) {
        if (Arrays.stream(labels).allMatch(label -> label == labels[0])) { // whose spread need not come out as 0
            return new LabelScale(labels.length == 0 ? 0 : labels[0], 1);
        }
        double mean = 0;
        for (double label : labels) {
            mean += label / labels.length;
        }
        double squares = 0;
        for (double label : labels) {
            squares += (label - mean) * (label - mean);
        }
        double sd = Math.sqrt(squares / labels.length);
        return new LabelScale(mean, sd > 0 ? sd : 1);
    }

    /** A label as the model learns it. */
    public double scaled(double label) {
        return (label - mean) / sd;
    }

    /** A value of the model in the unit of labels. */
    public double unscaled(double value) {
        return mean + sd * value;
    }
}
