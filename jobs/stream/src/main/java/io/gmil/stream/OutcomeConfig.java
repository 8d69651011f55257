package io.gmil.stream;

import io.gmil.schema.Likelihood;
import java.io.Serializable;
import java.util.Locale;

/**
 * One outcome.
 *
 * @param name as labels name it
 * @param likelihood BERNOULLI or BINOMIAL
 * @param trials 1 for BERNOULLI
 */
public record OutcomeConfig(String name, Likelihood likelihood, int trials) implements Serializable {

    /** Of a label. */
    public static final int MOST_TRIALS = 999_999;

    private static final long serialVersionUID = 1L;

    /** As {@link #parse} reads it. */
    String text() {
        String text = name + ":" + likelihood.name().toLowerCase(Locale.ROOT);
        return likelihood == Likelihood.BINOMIAL ? text + ":" + trials : text;
    }

    /** Reads {@code NAME:bernoulli} or {@code NAME:binomial:TRIALS}. */
    static OutcomeConfig parse(String text) {
        String[] parts = text.split(":", -1);
        boolean bernoulli = parts.length == 2 && parts[1].equals("bernoulli");
        boolean binomial = parts.length == 3 && parts[1].equals("binomial") && parts[2].matches("[1-9]\\d{0,5}");
        if (parts[0].isBlank() || !(bernoulli || binomial)) {
            throw new IllegalArgumentException("expected NAME:bernoulli or NAME:binomial:TRIALS, got '" + text + "'");
        }
        return bernoulli
                ? new OutcomeConfig(parts[0], Likelihood.BERNOULLI, 1)
                : new OutcomeConfig(parts[0], Likelihood.BINOMIAL, Integer.parseInt(parts[2]));
    }
}
