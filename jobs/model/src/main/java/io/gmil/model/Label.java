package io.gmil.model;

/**
 * What became of a sample.
 *
 * @param y 0 or 1, a count of successes, the index of a class, or a number, by the {@link Likelihood}
 * @param trials n of a count; 1 for all others
 */
public record Label(double y, int trials) {
    public Label {
        if (trials < 1 || !Double.isFinite(y)) {
            throw new IllegalArgumentException(
                    "label: expected a finite number and trials >= 1, got " + y + " of " + trials + " trials");
        }
    }

    /** Of one trial, of a class or of a number. */
    public static Label of(double y) {
        return new Label(y, 1);
    }
}
