package io.gmil.stream;

import java.io.Serializable;
import java.time.Duration;

/**
 * How long bags may take and stay, and how large they may be.
 *
 * @param deadline from a bag's first record on, in event time, until it has to be complete
 * @param incomplete what becomes of a bag that is not
 * @param maxCells cells of a bag that are predicted from and learnt, 0 for all
 * @param maxBytes of the embedding of one revision of a bag
 * @param maxOpen incomplete bags of a shard
 * @param retention of a predicted bag without a label, in event time
 * @param remembered time that what is left of a dropped bag is kept, so that late records do not bring it back, in event time
 * @param forgetAfter time of a labelled bag's last record until it is taken out of the posterior and dropped, in event time;
 *     zero for never
 */
public record BagPolicy(
        Duration deadline,
        Incomplete incomplete,
        int maxCells,
        long maxBytes,
        int maxOpen,
        Duration retention,
        Duration remembered,
        Duration forgetAfter)
        implements Serializable {

    /** What becomes of a bag at its deadline. */
    public enum Incomplete {
        /** It is a dead letter, and its cells are dropped. */
        REJECT,
        /** It is predicted from what has arrived. */
        PREDICT
    }

    private static final long serialVersionUID = 1L;

    /** Parts of a deadline within which idle input is noticed. */
    private static final int LOOKS = 4;

    private static final Duration MOST_OUT_OF_ORDER = Duration.ofSeconds(30);

    static BagPolicy of(Settings from) {
        return new BagPolicy(
                from.duration("bag.deadline", Duration.ofHours(1)),
                from.choice("bag.incomplete", Incomplete.REJECT),
                from.whole("bag.max-cells", 0, 0, Integer.MAX_VALUE),
                from.bytes("bag.max-bytes", 2L << 30),
                from.whole("bags.max-open", 10_000, 1, 10_000_000),
                from.duration("bag.retention", Duration.ofDays(365)),
                from.duration("bag.remembered", Duration.ofDays(365)),
                from.durationOrNever("bag.forget-after"));
    }

    /** Whether labelled bags are forgotten in the course of time. */
    public boolean forgets() {
        return !forgetAfter.isZero();
    }

    /** After this long without a record a partition no longer holds event time back. */
    public Duration idleness() {
        return deadline.dividedBy(LOOKS);
    }

    /** How far records of a partition may be out of order without a bag losing part of its time. */
    public Duration outOfOrder() {
        return idleness().compareTo(MOST_OUT_OF_ORDER) < 0 ? idleness() : MOST_OUT_OF_ORDER;
    }
}
