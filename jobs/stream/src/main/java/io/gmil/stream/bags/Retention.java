package io.gmil.stream.bags;

import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.BagFate;
import io.gmil.stream.state.OutcomeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops predicted bags that have had no label for long and, where the settings ask for it, labelled ones that are old:
 * those leave the posterior, so that it follows a population that changes. What is left of one says that it was there, so that late
 * duplicates of its records do not bring it back.
 */
final class Retention {

    /** Bags that share a timer are apart by at most this part of the retention. */
    private static final int BUCKETS = 365;

    private final JobConfig config;
    private final BagStore store;
    private final PatientStore patients;
    private final EarlyLabels early;
    private final Deadlines deadlines;
    private final StreamTime time;
    private final BagCounts counts;

    Retention(
            JobConfig config,
            BagStore store,
            PatientStore patients,
            EarlyLabels early,
            Deadlines deadlines,
            StreamTime time,
            BagCounts counts) {
        this.config = config;
        this.store = store;
        this.patients = patients;
        this.early = early;
        this.deadlines = deadlines;
        this.time = time;
        this.counts = counts;
    }

    /**
     * A bag was predicted or refused, or its labels have changed. One that stays incomplete or is refused is never learnt, so labels
     * do not keep it.
     */
    void review(int shard, Bag bag) {
        String sample = bag.getSampleId();
        if (!bag.getPredicted() || !labelled(bag)) {
            Duration retention = config.bags().retention();
            await(shard, sample, Math.min(deadlines.due(sample), time.latest() + retention.toMillis()), retention);
        } else if (config.bags().forgets()) {
            Duration age = config.bags().forgetAfter();
            await(shard, sample, Math.min(bag.getCompletedAt(), time.latest()) + age.toMillis(), age);
        } else {
            deadlines.remove(shard, sample);
        }
    }

    /** Its cells may still come, for as long as anything is known of one that came and got no label. */
    void labelledEarly(int shard, String sample) {
        Duration patience = patience();
        await(shard, sample, time.latest() + patience.toMillis(), patience);
    }

    private Duration patience() {
        return config.bags().retention().plus(config.bags().remembered());
    }

    private void await(int shard, String sample, long due, Duration span) {
        deadlines.set(shard, sample, due);
        time.wake(shard, due, Math.max(1, span.toMillis() / BUCKETS));
    }

    private boolean labelled(Bag bag) {
        for (OutcomeConfig outcome : store.outcomes()) {
            if (store.label(bag, outcome.name()).getLabelled()) {
                return true;
            }
        }
        return false;
    }

    /** The sample is replaced or erased. */
    void remove(int shard, String sample) {
        deadlines.remove(shard, sample);
    }

    int size(int shard) {
        return deadlines.size(shard);
    }

    /** Drops the bags whose time is over; their sites are still there. */
    List<Bag> strike(int shard) {
        List<Bag> dropped = new ArrayList<>();
        for (String sample : deadlines.overdue(shard, time.now())) {
            deadlines.remove(shard, sample);
            Bag bag = store.bag(sample);
            if (bag == null) {
                early.drop(sample, patience());
            } else if (bag.getFate() == BagFate.DROPPED) {
                store.forget(bag);
                patients.forget(bag.getPatientId(), sample);
            } else if (!stays(shard, bag)) {
                drop(bag);
                dropped.add(bag);
                Duration remembered = config.bags().remembered();
                await(shard, sample, time.latest() + remembered.toMillis(), remembered);
            }
        }
        return dropped;
    }

    /** The settings may be others than when its time was set: a labelled bag goes by those of now. */
    private boolean stays(int shard, Bag bag) {
        if (!bag.getPredicted() || !labelled(bag)) {
            return false;
        }
        review(shard, bag);
        return deadlines.due(bag.getSampleId()) > time.now();
    }

    /** Sets the times of labelled bags, which may have others, or none, since the settings were others. */
    void reviewAll(int shard) {
        if (config.bags().forgets()) {
            for (Bag bag : store.bags()) {
                if (bag.getPredicted() && labelled(bag)) {
                    review(shard, bag);
                }
            }
        }
    }

    private void drop(Bag bag) {
        counts.dropped().inc();
        store.dropChunks(bag);
        Assembly.clear(bag);
        bag.setComplete(true);
        bag.setPredicted(false);
        bag.setFate(BagFate.DROPPED);
        store.put(bag);
        for (OutcomeConfig outcome : store.outcomes()) {
            OutcomeState state = store.outcome(bag.getSampleId(), outcome.name());
            if (state.getLabelRevision() < 0 && !state.getScored()) {
                // Nothing but an old prediction, of every bag that ever came.
                store.removeOutcome(bag.getSampleId(), outcome.name());
            } else if (state.getLinearisation() != null) {
                state.setLinearisation(null);
                store.putOutcome(bag.getSampleId(), outcome.name(), state);
            }
        }
    }

    /** Refuses a label that came too late to be learnt. */
    void check(Bag bag, String outcome, BagEvent event) throws RejectedRecord {
        if (bag.getFate() == BagFate.DROPPED) {
            throw new RejectedRecord(
                    bag.getSampleId(),
                    "label '%s' of sample '%s' (%s): expected one while its cells were kept, got it after those of"
                            + " revision %d were dropped (bag.retention %s, bag.forget-after %s)",
                    outcome,
                    bag.getSampleId(),
                    Records.place(event),
                    bag.getRevision(),
                    config.bags().retention(),
                    config.bags().forgets() ? config.bags().forgetAfter() : "never");
        }
    }
}
