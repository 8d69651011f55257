package io.gmil.stream.bags;

import io.gmil.model.LabelledBag;
import io.gmil.model.Phase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.stream.JobConfig;
import io.gmil.stream.Sites;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.LearnerOrder;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.Resent;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.StoredLinearisation;
import io.gmil.stream.state.StoredSite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sites of the labelled bags of a shard. Whatever changes here leaves as a {@link SiteChanges}, so that the sums of
 * the posterior always equal the sites in state.
 */
final class SiteBook {

    /** Path length within which successive visits are averaged, in posterior standard deviations. */
    private static final double NEAR = 0.3;

    /** The label revision of a sample that no posterior has learnt. */
    private static final int NEVER_LEARNT = -1;

    private final JobConfig config;
    private final BagStore store;
    private final Pauses pauses;
    private final Emitter emitter;
    private final ChunkBuffer buffer;
    private final Map<Integer, Map<String, SiteIndex>> indexes = new HashMap<>();

    SiteBook(JobConfig config, BagStore store, Pauses pauses, Emitter emitter, ChunkBuffer buffer) {
        this.config = config;
        this.store = store;
        this.pauses = pauses;
        this.emitter = emitter;
        this.buffer = buffer;
    }

    /** Whether the bag's label is part of the posterior. */
    boolean learnt(Bag bag, ActiveModel model) {
        return store.site(bag.getSampleId(), model.key()) != null;
    }

    /**
     * Gives a labelled bag a site, in the place of the one it may have. It is linearised at the most, from what its
     * prediction left where there is that: a refresh makes a sampled one of it when there is time.
     */
    void learn(int shard, Bag bag, ActiveModel model, OutcomeState label) {
        StoredLinearisation seen = label.getLinearisation();
        if (seen != null && seen.getModel().equals(model.key())) {
            StoredSite site = Sites.first(seen, bag, label);
            emit(shard, model, false, List.of(put(shard, model, bag, label, site)));
        } else {
            PosteriorSnapshot posterior = model.snapshot();
            change(
                    shard,
                    model,
                    posterior.withPhase(Sites.linearised(posterior.phase())),
                    List.of(bag),
                    List.of(label),
                    false);
        }
    }

    /** Takes the site of a sample out again, if there is one. */
    void forget(int shard, Bag bag, ActiveModel model) {
        forget(shard, bag, model, null);
    }

    /**
     * The same for a patient who is erased.
     *
     * @param erasure the command, or null
     * @return whether there was one
     */
    boolean forget(int shard, Bag bag, ActiveModel model, String erasure) {
        StoredSite site = store.site(bag.getSampleId(), model.key());
        if (site == null) {
            return false;
        }
        store.removeSite(bag.getSampleId(), model.key());
        index(shard, model).remove(bag.getSampleId());
        emit(
                shard,
                model,
                false,
                List.of(new SiteChange(
                        bag.getSampleId(), bag.getRevision(), site.getLabelRevision(), erasure, site, null)));
        return true;
    }

    /**
     * Tells a learner that a sample of which it has no site is erased: it may still be about to tell of one that has gone
     * before, and have learnt from it.
     *
     * @param once whether it was learnt
     */
    void erased(int shard, Bag bag, ActiveModel model, boolean once, String erasure) {
        emit(
                shard,
                model,
                false,
                List.of(new SiteChange(
                        bag.getSampleId(), bag.getRevision(), once ? 0 : NEVER_LEARNT, erasure, null, null)));
    }

    /** Whether the posterior has learnt a bag with this very label. */
    boolean holds(Bag bag, ActiveModel model, OutcomeState label) {
        StoredSite site = store.site(bag.getSampleId(), model.key());
        return site != null
                && site.getBagRevision() == bag.getRevision()
                && site.getLabelRevision() == label.getLabelRevision()
                && site.getOfPatient() == label.getOfPatient();
    }

    /** Passes on what the learner of a model is told. */
    void order(int shard, ActiveModel model, LearnerOrder order) {
        emitter.changes(changes(shard, model, false, order, List.of()));
    }

    /** Sends every site of the shard once more, one by one: together they may be large. */
    void resend(int shard, ActiveModel model, long since) {
        store.forEachSite((sample, key, site) -> {
            if (key.equals(model.key())) {
                SiteChange resent =
                        new SiteChange(sample, site.getBagRevision(), site.getLabelRevision(), null, null, site);
                emitter.changes(resent(shard, model, new Resent(since, false), List.of(resent)));
            }
        });
        emitter.changes(resent(shard, model, new Resent(since, true), List.of()));
    }

    private SiteChanges resent(int shard, ActiveModel model, Resent resent, List<SiteChange> sites) {
        SiteChanges changes = changes(shard, model, false, null, sites);
        changes.setResent(resent);
        return changes;
    }

    /** Tells of a label that is not added, because the bag is in the sums without a site. */
    void alreadyLearnt(int shard, Bag bag, ActiveModel model, OutcomeState label) {
        emit(
                shard,
                model,
                false,
                List.of(new SiteChange(
                        bag.getSampleId(), bag.getRevision(), label.getLabelRevision(), null, null, null)));
    }

    /** Answers a refresh token: recomputes some of the shard's stalest sites at the newest posterior. */
    void refresh(int shard, ActiveModel model) {
        PosteriorSnapshot posterior = model.snapshot();
        SiteIndex index = index(shard, model);
        int most = posterior.labelledBags() <= Sites.SMALL_COHORT
                ? index.labelled()
                : quota(shard, posterior.version(), index.labelled());
        List<Bag> bags = new ArrayList<>();
        List<OutcomeState> labels = new ArrayList<>();
        for (String sample : index.stalest(most, posterior.phase(), posterior.pathLength(), config.staleness())) {
            Bag bag = store.bag(sample);
            bags.add(bag);
            labels.add(store.label(bag, model.outcome().name()));
        }
        change(shard, model, posterior, bags, labels, true);
    }

    /**
     * How many sites one version asks of a shard: a fixed fraction of its labelled bags, rounded up or down by a hash so
     * that small shards take turns. This bounds what is recomputed but not yet applied.
     */
    private int quota(int shard, long version, int labelled) {
        long hash = (version * 0x9E3779B97F4A7C15L) ^ (shard * 0xC2B2AE3D27D4EB4FL);
        hash = (hash ^ (hash >>> 29)) * 0xBF58476D1CE4E5B9L;
        double dither = (hash >>> 11) * 0x1.0p-53;
        return (int) (config.refreshFraction() * labelled + dither);
    }

    private void change(
            int shard,
            ActiveModel model,
            PosteriorSnapshot posterior,
            List<Bag> bags,
            List<OutcomeState> labels,
            boolean answer) {
        List<LabelledBag> minibatch = new ArrayList<>(bags.size());
        for (int i = 0; i < bags.size(); i++) {
            Bag bag = bags.get(i);
            OutcomeState label = labels.get(i);
            minibatch.add(new LabelledBag(
                    new StoredCells(store, bag, buffer.of(bag)),
                    model.scaler().fixedEffects(bag),
                    label.getValue(),
                    label.getTrials()));
        }
        Site[] sites =
                bags.isEmpty() ? new Site[0] : model.engine().sites(minibatch, posterior, noiseSeed(shard, posterior));
        List<SiteChange> changes = new ArrayList<>(sites.length);
        for (int i = 0; i < sites.length; i++) {
            changes.add(replace(shard, model, posterior, bags.get(i), labels.get(i), sites[i]));
        }
        if (answer || !changes.isEmpty()) {
            emit(shard, model, answer, changes);
        }
    }

    private SiteChange replace(
            int shard, ActiveModel model, PosteriorSnapshot posterior, Bag bag, OutcomeState label, Site computed) {
        StoredSite old = store.site(bag.getSampleId(), model.key());
        int visits = old != null && continues(old, bag, label, posterior) ? old.getVisits() + 1 : 1;
        Site site = visits == 1 ? computed : computed.averagedInto(Sites.of(old), posterior.mean(), weight(visits));
        return put(shard, model, bag, label, Sites.stored(site, bag, label, posterior, visits));
    }

    private SiteChange put(int shard, ActiveModel model, Bag bag, OutcomeState label, StoredSite fresh) {
        StoredSite old = store.site(bag.getSampleId(), model.key());
        store.putSite(bag.getSampleId(), model.key(), fresh);
        put(index(shard, model), bag.getSampleId(), fresh);
        return new SiteChange(bag.getSampleId(), bag.getRevision(), label.getLabelRevision(), null, old, fresh);
    }

    /**
     * Weight of the latest of several visits: visits count with the third power of their number, so that what was
     * computed before the posterior came near its place is soon forgotten.
     */
    private static double weight(int visits) {
        return 4.0 / (visits + 3);
    }

    /**
     * Whether a site is an earlier estimate of the same expectation: only sampled ones are noisy, and far from where it
     * was computed a site is of no use.
     */
    private static boolean continues(StoredSite old, Bag bag, OutcomeState label, PosteriorSnapshot posterior) {
        return posterior.phase() == Phase.SAMPLED
                && old.getPhase().equals(posterior.phase().name())
                && posterior.pathLength() - old.getPath() < NEAR
                && old.getBagRevision() == bag.getRevision()
                && old.getLabelRevision() == label.getLabelRevision()
                && old.getOfPatient() == label.getOfPatient();
    }

    /** Draws of its own for every version of every shard, the same when it is computed again. */
    private static long noiseSeed(int shard, PosteriorSnapshot posterior) {
        return shard * 0x9E3779B97F4A7C15L + posterior.version();
    }

    private void emit(int shard, ActiveModel model, boolean answer, List<SiteChange> changes) {
        emitter.changes(changes(shard, model, answer, null, changes));
    }

    private SiteChanges changes(
            int shard, ActiveModel model, boolean answer, LearnerOrder order, List<SiteChange> changes) {
        PosteriorSnapshot posterior = model.snapshot();
        SiteIndex index = index(shard, model);
        Phase phase = posterior.phase();
        LearnerOrder told = order == null ? pauses.order(model) : order;
        if (told != null) {
            pauses.tell(model, told);
        }
        return new SiteChanges(
                model.id(),
                shard,
                posterior.generation(),
                posterior.version(),
                answer,
                emitter.arriving(),
                false,
                told,
                null,
                index.labelled(),
                index.stale(phase, posterior.pathLength(), config.staleness()),
                index.oldest(phase),
                changes);
    }

    /** For every model of which the shard has sites, one of their samples. */
    Map<String, String> examples(int shard) {
        Map<String, String> examples = new TreeMap<>();
        indexes(shard).forEach((model, index) -> index.any().ifPresent(sample -> examples.put(model, sample)));
        return examples;
    }

    private Map<String, SiteIndex> indexes(int shard) {
        return indexes.computeIfAbsent(shard, absent -> rebuild());
    }

    private SiteIndex index(int shard, ActiveModel model) {
        SiteIndex index = indexes(shard).computeIfAbsent(model.key(), absent -> new SiteIndex(config.leastVisits()));
        index.expireBefore(model.refreshSince());
        return index;
    }

    /** After a start from a checkpoint the index of a shard is read back from its sites. */
    private Map<String, SiteIndex> rebuild() {
        Map<String, SiteIndex> models = new HashMap<>();
        store.forEachSite((sample, model, site) ->
                put(models.computeIfAbsent(model, absent -> new SiteIndex(config.leastVisits())), sample, site));
        return models;
    }

    private static void put(SiteIndex index, String sample, StoredSite site) {
        index.put(
                sample,
                Phase.valueOf(site.getPhase()),
                site.getPath(),
                site.getVisits(),
                new Version(site.getGeneration(), site.getVersion()));
    }
}
