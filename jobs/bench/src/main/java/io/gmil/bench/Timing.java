package io.gmil.bench;

import org.openjdk.jmh.results.RunResult;

/**
 * Time of one operation, in µs.
 *
 * @param cpu of the thread
 * @param elapsed on the clock
 */
record Timing(double cpu, double elapsed) {
    static Timing of(RunResult result) {
        return new Timing(
                result.getSecondaryResults().get(CpuTime.LABEL).getScore(),
                result.getPrimaryResult().getScore());
    }

    Timing minus(Timing other) {
        return new Timing(cpu - other.cpu, elapsed - other.elapsed);
    }

    Timing times(double factor) {
        return new Timing(cpu * factor, elapsed * factor);
    }
}
