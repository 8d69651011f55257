package io.gmil.stream.bags;

import io.gmil.stream.JobConfig;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.BagFate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.streaming.api.TimerService;

/** How long the bags of a shard may take and stay, and how large they may be: the one place where bags are asked about it. */
final class BagTerms {

    private final StreamTime time;
    private final OpenBags open;
    private final Retention retention;
    private final EarlyLabels early;
    private final CellLimit limit;
    private final BagCounts counts;

    /** Shards whose bags go by the settings of this start. */
    private final Set<Integer> reviewed = new HashSet<>();

    BagTerms(
            JobConfig config,
            BagStore store,
            PatientStore patients,
            ModelCatalog catalog,
            Scoring scoring,
            Emitter emitter,
            RuntimeContext context) {
        Deadlines deadlines = new Deadlines(new StoredDeadlines(context, "deadlines"));
        Deadlines unlabelled = new Deadlines(new StoredDeadlines(context, "unlabelled"));
        counts = BagCounts.in(context.getMetricGroup().addGroup("gmil"), deadlines::total);
        time = new StreamTime(config.bags());
        limit = new CellLimit(config.bags().maxCells(), config.seed(), store);
        early = new EarlyLabels(store, patients, emitter);
        retention = new Retention(config, store, patients, early, unlabelled, time, counts);
        open = new OpenBags(
                config.bags(),
                store,
                deadlines,
                time,
                new PartialBags(config, store, catalog, scoring, limit),
                retention,
                emitter,
                counts);
    }

    /** The timers of the element or timer at hand, and its shard. */
    void use(TimerService timers, int shard) {
        time.use(timers);
        if (reviewed.add(shard)) {
            retention.reviewAll(shard);
        }
    }

    /** A record of the input has come. */
    void arrived(BagEvent event) {
        time.arrived(event.getTimestamp());
    }

    /** A label has come before anything else of its sample. */
    void labelledEarly(int shard, String sample) {
        retention.labelledEarly(shard, sample);
    }

    /** The first record of a sample has come. */
    void begins(Bag bag, BagEvent event) {
        early.check(bag, event);
    }

    /** Whether records of this revision are of no use any more: too large, or dropped after retention. */
    boolean refuses(Bag bag) {
        boolean refused = bag.getFate() != BagFate.KEPT;
        if (refused) {
            counts.refusedRecords().inc();
        }
        return refused;
    }

    /** Takes note of a record that a bag has accepted; whether it is to be stored. */
    boolean admit(int shard, Bag bag, BagEvent event) {
        return open.admit(shard, bag, event);
    }

    /** Every record of a bag has come. */
    void gathered(int shard, Bag bag) {
        open.remove(shard, bag.getSampleId());
    }

    /** Draws the cells that a complete bag is predicted from and learnt with, where it has too many. */
    void draw(Bag bag) {
        if (limit.draw(bag)) {
            counts.drawn().inc();
        }
    }

    /** A complete bag has been predicted: the cells that were not drawn go. */
    void predicted(int shard, Bag bag) {
        limit.drop(bag);
        retention.review(shard, bag);
        restIfNothingWaits(shard);
    }

    /** A complete bag begins to wait for its scaler: as long as one waits for a label. */
    void waits(int shard, Bag bag) {
        retention.review(shard, bag);
    }

    /** Its scaler has come. */
    void scaled(int shard, Bag bag) {
        retention.remove(shard, bag.getSampleId());
    }

    /** A complete bag cannot be used. */
    void refused(int shard, Bag bag) {
        retention.review(shard, bag);
        restIfNothingWaits(shard);
    }

    /** The labels of a predicted bag have changed. */
    void labelled(int shard, Bag bag) {
        retention.review(shard, bag);
        restIfNothingWaits(shard);
    }

    /** Refuses a label of cells that were dropped. */
    void checkHeld(Bag bag, String outcome, BagEvent event) throws RejectedRecord {
        retention.check(bag, outcome, event);
    }

    /** The sample is replaced or erased. */
    void remove(int shard, String sample) {
        open.remove(shard, sample);
        retention.remove(shard, sample);
        restIfNothingWaits(shard);
    }

    /**
     * A timer has come: whatever is overdue by now is rejected, predicted or dropped.
     *
     * @return predicted bags that were dropped; their sites are still there
     */
    List<Bag> strike(int shard) {
        time.look(shard);
        open.strike(shard);
        List<Bag> dropped = retention.strike(shard);
        if (waiting(shard)) {
            time.keepLooking(shard);
        }
        return dropped;
    }

    private void restIfNothingWaits(int shard) {
        if (!waiting(shard)) {
            time.rest(shard);
        }
    }

    private boolean waiting(int shard) {
        return open.size(shard) > 0 || retention.size(shard) > 0;
    }
}
