package io.gmil.cli.experiments;

import io.gmil.cohort.SimulationOptions;
import java.util.Locale;

/** Words for a simulation. */
final class Settings {

    private Settings() {}

    /** N, I, Q, the law and the number of outcomes. */
    static String of(SimulationOptions options) {
        return String.format(
                Locale.ROOT,
                "N = %d training bags, %s; v_γ = %s",
                options.bags(),
                without(options),
                number(options.vGamma()));
    }

    /** All that sweeps of N and v_γ have in common. */
    static String without(SimulationOptions options) {
        return String.format(
                Locale.ROOT,
                "%d test bags, I = %d cells, Q = %d features, Binomial(%d), intercept %s, v_β = %s, %d outcome%s",
                options.testBags(),
                options.cells(),
                options.dim(),
                SimulatedBags.TRIALS,
                number(options.intercept()),
                number(options.vBeta()),
                options.outcomes(),
                options.outcomes() == 1 ? "" : "s");
    }

    /** Without a fraction of 0. */
    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
