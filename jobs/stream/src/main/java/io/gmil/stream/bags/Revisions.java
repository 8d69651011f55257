package io.gmil.stream.bags;

import io.gmil.model.PosteriorSnapshot;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.RevisedAfter;
import io.gmil.stream.state.Unlearnt;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Revised predictions of samples whose label was corrected or withdrawn after it had been learnt. At that moment the newest
 * posterior still rests on the old label; the second version after it has been computed without.
 */
final class Revisions {

    /** How long to wait for that version: a paused or pinned posterior may not change at all. */
    static final long PATIENCE_MILLIS = 5_000;

    private static final int VERSIONS = 2;

    private final JobConfig config;
    private final BagStore store;
    private final ModelCatalog catalog;
    private final Scoring scoring;
    private final SiteBook sites;

    /** Whether predictions of a shard are due, as far as is known. */
    private final Map<Integer, Boolean> due = new HashMap<>();

    Revisions(JobConfig config, BagStore store, ModelCatalog catalog, Scoring scoring, SiteBook sites) {
        this.config = config;
        this.store = store;
        this.catalog = catalog;
        this.scoring = scoring;
        this.sites = sites;
    }

    /** Notes that the prediction of a sample is obsolete. */
    void due(int shard, Bag bag, ActiveModel model, OutcomeState state, long now) {
        PosteriorSnapshot newest = model.snapshot();
        state.setRevisedAfter(new RevisedAfter(newest.generation(), newest.version(), now));
        store.revise(bag.getSampleId(), model.outcome().name());
        due.put(shard, true);
    }

    /** Of a model whose newest posterior still rests on a site that has just gone. */
    static Unlearnt unlearnt(ActiveModel model) {
        PosteriorSnapshot newest = model.snapshot();
        return new Unlearnt(model.key(), newest.generation(), newest.version());
    }

    /** Whether what a model predicts with may still rest on the site of an earlier revision. */
    static boolean stillLearnt(ActiveModel model, OutcomeState state) {
        Unlearnt unlearnt = state.getUnlearnt();
        return unlearnt != null
                && unlearnt.getModel().equals(model.key())
                && !knows(model.served(), unlearnt.getGeneration(), unlearnt.getVersion());
    }

    /** Predicts what can be predicted anew; whether something is left to be. */
    boolean revise(int shard, long now) {
        if (!due.getOrDefault(shard, true)) {
            return false;
        }
        boolean left = false;
        for (BagStore.SampleOutcome each : store.revising()) {
            // Those of an outcome that the job learns no more stay as they are.
            Optional<OutcomeConfig> outcome = config.outcome(each.outcome());
            left |= outcome.isPresent() && !revised(each.sample(), outcome.get(), now);
        }
        due.put(shard, left);
        return left;
    }

    private boolean revised(String sample, OutcomeConfig outcome, long now) {
        Bag bag = store.bag(sample);
        OutcomeState state = store.outcome(sample, outcome.name());
        RevisedAfter after = state.getRevisedAfter();
        if (bag != null && bag.getPredicted() && after != null) {
            ActiveModel model = catalog.model(bag, outcome);
            if (!knows(model.snapshot(), after.getGeneration(), after.getVersion())
                    && now - after.getChangedAt() < PATIENCE_MILLIS) {
                return false;
            }
            scoring.score(bag, model, PredictionKind.REVISED, config.topK(), sites.learnt(bag, model), null);
        }
        state.setRevisedAfter(null);
        store.putOutcome(sample, outcome.name(), state);
        store.revised(sample, outcome.name());
        return true;
    }

    private static boolean knows(PosteriorSnapshot newest, long generation, long version) {
        return newest.generation() > generation || newest.version() >= version + VERSIONS;
    }
}
