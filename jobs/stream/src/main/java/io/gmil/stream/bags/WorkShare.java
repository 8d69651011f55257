package io.gmil.stream.bags;

/**
 * Keeps refreshes from holding up arriving cells: while cells arrive, refreshes may take a fixed share of the operator's
 * time; when none have arrived for a moment they may take all of it. Times in nanoseconds, from the caller's clock.
 */
final class WorkShare {

    private static final long BURST = 50_000_000L;
    private static final long QUIET = 1_000_000_000L;

    private final double share;
    private long lastArrival = Long.MIN_VALUE / 2;
    private long lastAccrual;
    private double credit;

    WorkShare(double share) {
        this.share = share;
    }

    void arrived(long now) {
        lastArrival = now;
    }

    /** Whether cells have arrived a moment ago. */
    boolean arriving(long now) {
        return now - lastArrival <= QUIET;
    }

    /** Whether there is time to refresh now. */
    boolean available(long now) {
        if (!arriving(now)) {
            credit = 0;
            lastAccrual = now;
            return true;
        }
        credit = Math.min(BURST * share, credit + share * (now - lastAccrual));
        lastAccrual = now;
        return credit >= 0;
    }

    /** Refreshes took this long; cells that came meanwhile were not seen, so it does not count as quiet. */
    void worked(long nanos) {
        credit -= nanos;
        lastArrival += nanos;
    }
}
