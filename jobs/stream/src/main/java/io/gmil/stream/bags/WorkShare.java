package io.gmil.stream.bags;

/**
 * Keeps refreshes from holding up arriving cells: while cells arrive, refreshes may take a fixed share of the operator's
 * time; when none have arrived for a moment they may take all of it. Times in nanoseconds, from the caller's clock.
 */
final class WorkShare {

    private static final long BURST = 50_000_000L;
    private static final long QUIET = 200_000_000L;

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

    /** How long to wait before refreshing, 0 for not at all. */
    long delay(long now) {
        if (now - lastArrival > QUIET) {
            credit = 0;
            lastAccrual = now;
            return 0;
        }
        credit = Math.min(BURST * share, credit + share * (now - lastAccrual));
        lastAccrual = now;
        return credit >= 0 ? 0 : (long) (-credit / share);
    }

    void worked(long nanos) {
        credit -= nanos;
    }
}
