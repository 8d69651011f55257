package io.gmil.stream.bags;

import io.gmil.schema.DeadLetter;
import io.gmil.stream.BagPolicy;
import io.gmil.stream.BagPolicy.Incomplete;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.BagFate;
import java.time.Instant;

/** The incomplete bags of a shard: how long they may take, how many there may be, how large each may grow. */
final class OpenBags {

    /** Deadlines that share a timer are apart by at most this part of the deadline. */
    private static final int BUCKETS = 60;

    private final BagPolicy policy;
    private final BagStore store;
    private final Deadlines deadlines;
    private final StreamTime time;
    private final PartialBags partial;
    private final Retention retention;
    private final Emitter emitter;
    private final BagCounts counts;

    OpenBags(
            BagPolicy policy,
            BagStore store,
            Deadlines deadlines,
            StreamTime time,
            PartialBags partial,
            Retention retention,
            Emitter emitter,
            BagCounts counts) {
        this.policy = policy;
        this.store = store;
        this.deadlines = deadlines;
        this.time = time;
        this.partial = partial;
        this.retention = retention;
        this.emitter = emitter;
        this.counts = counts;
    }

    /**
     * Takes note of a record that a bag has accepted.
     *
     * @return whether it is to be stored; not where it makes the bag too large
     */
    boolean admit(int shard, Bag bag, BagEvent event) {
        long bytes = Math.max(bag.getBytes(), (long) Float.BYTES * bag.getCells() * bag.getWidth());
        if (bytes > policy.maxBytes()) {
            refuse(shard, bag, event, bytes);
            return false;
        }
        if (!bag.getComplete() && !bag.getPartial() && !deadlines.holds(bag.getSampleId())) {
            open(shard, bag, event);
        }
        return true;
    }

    private void open(int shard, Bag bag, BagEvent event) {
        if (deadlines.size(shard) >= policy.maxOpen()) {
            Bag oldest = store.bag(deadlines.first(shard));
            counts.displaced().inc();
            reject(
                    shard,
                    oldest,
                    "expected at most %d incomplete bags in shard %d, and this one is the oldest: %s"
                            .formatted(policy.maxOpen(), shard, Gaps.of(oldest)));
        }
        place(bag, event);
        // It may have been refused before, and would go as long after that.
        retention.remove(shard, bag.getSampleId());
        await(shard, bag.getSampleId(), time.of(event.getTimestamp()));
    }

    private void await(int shard, String sample, long since) {
        long due = since + policy.deadline().toMillis();
        deadlines.set(shard, sample, due);
        time.wake(shard, due, Math.max(1, policy.deadline().toMillis() / BUCKETS));
    }

    private void refuse(int shard, Bag bag, BagEvent event, long bytes) {
        counts.tooLarge().inc();
        place(bag, event);
        letter(bag, "expected an embedding of at most %d bytes, got %d so far".formatted(policy.maxBytes(), bytes));
        remove(shard, bag.getSampleId());
        store.dropChunks(bag);
        Assembly.clear(bag);
        bag.setComplete(true);
        bag.setFate(BagFate.TOO_LARGE);
        store.put(bag);
        retention.review(shard, bag);
    }

    /** The sample is not waited for any more: it is complete, replaced or erased. */
    void remove(int shard, String sample) {
        deadlines.remove(shard, sample);
    }

    int size(int shard) {
        return deadlines.size(shard);
    }

    /** Rejects the bags that are overdue, or predicts them, as the policy says. */
    void strike(int shard) {
        for (String sample : deadlines.overdue(shard, time.now())) {
            Bag bag = store.bag(sample);
            if (policy.incomplete() == Incomplete.REJECT || !partial.usable(bag)) {
                counts.overdue().inc();
                reject(
                        shard,
                        bag,
                        "expected all of it within %s of its first record: %s"
                                .formatted(policy.deadline(), Gaps.of(bag)));
            } else if (partial.scaled(bag)) {
                counts.partial().inc();
                deadlines.remove(shard, sample);
                partial.predict(bag);
                bag.setPartial(true);
                store.put(bag);
                retention.review(shard, bag);
            } else {
                await(shard, sample, time.now());
            }
        }
    }

    /** The cells go, so that the bag can be sent again as a whole, also under the same revision. */
    private void reject(int shard, Bag bag, String cause) {
        letter(bag, cause);
        deadlines.remove(shard, bag.getSampleId());
        store.dropChunks(bag);
        Assembly.clear(bag);
        store.put(bag);
        retention.review(shard, bag);
    }

    private static void place(Bag bag, BagEvent event) {
        bag.setTopic(event.getTopic());
        bag.setPartition(event.getPartition());
        bag.setOffset(event.getOffset());
    }

    private void letter(Bag bag, String cause) {
        emitter.deadLetter(DeadLetter.newBuilder()
                .setCause("sample '%s' revision %d (%s-%d@%d): %s"
                        .formatted(
                                bag.getSampleId(),
                                bag.getRevision(),
                                bag.getTopic(),
                                bag.getPartition(),
                                bag.getOffset(),
                                cause))
                .setTopic(bag.getTopic())
                .setPartition(bag.getPartition())
                .setOffset(bag.getOffset())
                .setKey(bag.getPatientId())
                .setSampleId(bag.getSampleId())
                .setRejectedAt(Instant.now())
                .build());
    }
}
