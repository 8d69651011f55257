package io.gmil.stream.bags;

import java.util.HashMap;
import java.util.Map;

/**
 * Keeps refreshes from holding up arriving cells: while cells arrive, refreshes may take a fixed share of the operator's
 * time; when none have arrived for a moment they may take all of it. Times in nanoseconds, from the caller's clock.
 *
 * <p>Models divide that share among them, each with an account of its own. With a common one, a model that asks at every turn would
 * take whatever there is the moment it is there, and one that asks now and then would never meet any.
 */
final class WorkShare {

    private static final long BURST = 50_000_000L;
    private static final long QUIET = 1_000_000_000L;

    /** A model that has not asked for as long leaves its part to the others. */
    private static final long ABSENT = 10_000_000_000L;

    private final double share;
    private final Map<String, Account> accounts = new HashMap<>();
    private long lastArrival = Long.MIN_VALUE / 2;

    private static final class Account {
        private long lastAsked;
        private double credit;

        private Account(long now) {
            lastAsked = now;
        }
    }

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

    /** Whether there is time to refresh a model now. */
    boolean available(long now, String model) {
        Account account = accounts.computeIfAbsent(model, absent -> new Account(now));
        accounts.values().removeIf(other -> other != account && absent(other, now));
        double part = share / accounts.size();
        if (arriving(now)) {
            account.credit = Math.min(BURST * part, account.credit + part * (now - account.lastAsked));
        } else {
            account.credit = 0;
        }
        account.lastAsked = now;
        return account.credit >= 0;
    }

    /** Not before the others could have earned what it has spent in advance. */
    private boolean absent(Account account, long now) {
        return now - account.lastAsked > Math.max(ABSENT, -account.credit / share);
    }

    /** Refreshes of a model took this long; cells that came meanwhile were not seen, so it does not count as quiet. */
    void worked(long nanos, String model) {
        accounts.get(model).credit -= nanos;
        lastArrival += nanos;
    }
}
