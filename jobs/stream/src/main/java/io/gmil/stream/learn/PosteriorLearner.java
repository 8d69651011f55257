package io.gmil.stream.learn;

import io.gmil.model.Phase;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorBase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.model.Step;
import io.gmil.stream.JobConfig;
import io.gmil.stream.Sites;
import io.gmil.stream.state.LearnerOrderKind;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.ShardReport;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.StoredSite;
import io.gmil.stream.state.VersionMark;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The learning loop of one model: sums the sites, decides when to take a damped step, in which phase, and when the
 * posterior rests. Pure: time comes in, records go out.
 *
 * <p>A round is one published version: every shard answers its token once. A step is taken when enough changes have come
 * or the round is complete, never waiting for a slow shard beyond {@link #PATIENCE_MILLIS}.
 */
final class PosteriorLearner {

    /** Least time between two versions, so that a burst of labels does not publish one each. */
    static final long PACE_MILLIS = 4;

    /** While cells arrive a version is followed by a pause so many times as long as it took. */
    private static final int PAUSE = 19;

    /** How long a round may wait for a shard that does not answer. */
    static final long PATIENCE_MILLIS = 250;

    /** Labelled bags up to which attention stays still: mean pooling first. */
    private static final int WARMUP_BAGS = 50;

    /** How long sites that were asked for may take before they are asked for again. */
    static final long ASK_AGAIN_MILLIS = 10_000;

    /** Changes after which the sums are made anew, free of the rounding of so many additions and subtractions. */
    private static final long CHANGES_PER_SUMS = 1_000_000;

    /** A site that goes and was so many times as large as all that stay leaves mostly its rounding behind. */
    private static final double CANCELLATION = 1e6;

    /** Visits at the linearised posterior before it is refined by sampling: two a bag, but no more than these. */
    private static final long LINEARISED_VISITS = 400;

    private final JobConfig config;
    private final Posterior posterior;
    private final PosteriorBase base;
    private final LearnerState state;
    private long lastStep;
    private long lastStepTook;
    private boolean arriving;
    private NewSums newSums;
    private long askedAt;
    private long refusedSteps;

    /** The last step was refused, and nothing has come since that would make another one of it. */
    private boolean refused;

    /**
     * @param base what the posterior began with besides the prior; it has no sites in state
     * @param state of this model; changed in place, to be stored by the caller
     */
    PosteriorLearner(JobConfig config, Posterior posterior, PosteriorBase base, LearnerState state) {
        this.config = config;
        this.posterior = posterior;
        this.base = base;
        this.state = state;
    }

    /** A state of an older generation continues under the one of this start of the job, and makes a version of it. */
    void begin(long generation) {
        if (state.getGeneration() != generation) {
            state.setGeneration(generation);
            state.setSettled(untouched());
            state.getShards().forEach(shard -> shard.setAnsweredVersion(-1));
        }
    }

    /** Whether it is still the saved model it began with, to which nothing is to be added. */
    private boolean untouched() {
        return base.labelledBags() > 0 && state.getVersion() == 0 && state.getPending() == 0;
    }

    /** Labelled bags that have a site in state. */
    private int bagsInState() {
        return posterior.labelledBags() - base.labelledBags();
    }

    Posterior posterior() {
        return posterior;
    }

    LearnerState state() {
        return state;
    }

    /** Adds the changes of a shard to the sums. Never refuses one: its site is already stored. */
    void accept(SiteChanges changes) {
        if (changes.getResent() != null) {
            resent(changes);
            return;
        }
        for (SiteChange change : changes.getChanges()) {
            boolean moves = change.getRemoved() != null || change.getAdded() != null;
            if (!moves && change.getErasure() != null) {
                erased(change);
            } else if (!moves) {
                state.getAuditAlreadyLearnt().add(line(change, change.getBagRevision(), change.getLabelRevision()));
            } else {
                apply(change, changes.getShard());
                state.setPending(state.getPending() + 1);
                state.setSettled(false);
                expireIfErased(change);
            }
        }
        if (changes.getOrder() != null) {
            obey(changes.getOrder().getKind());
        }
        report(changes);
    }

    private void obey(LearnerOrderKind order) {
        refused = false;
        switch (order) {
            case PAUSE -> state.setPaused(true);
            case RESUME -> state.setPaused(false);
            case PUBLISH -> state.setPublish(true);
            case RESTART -> {
                posterior.restart();
                enter(Phase.MEAN_POOLING);
                expireSites();
            }
            case REFRESH -> {
                sumAnew();
                expireSites();
            }
            default -> throw new IllegalStateException("order " + order + " is not known to the learner");
        }
    }

    /** Whether the current version is to be kept in the history; asked once. */
    boolean takePublish() {
        boolean asked = state.getPublish();
        state.setPublish(false);
        return asked;
    }

    /** A sample without a site; it may have had one, which has done to the others what it has done. */
    private void erased(SiteChange change) {
        forget(change.getSampleId());
        if (change.getLabelRevision() >= 0 && state.getVersion() > 0) {
            audit(change, null, null);
            state.setPending(state.getPending() + 1);
            expireIfErased(change);
        }
    }

    /** What a site that goes with its patient has done to the others, and to earlier versions, is to go too. */
    private void expireIfErased(SiteChange change) {
        if (change.getErasure() != null) {
            state.setErasedSince(next());
            expireSites();
        }
    }

    /** The next version asks for every site there is, each once, however near it was computed. */
    private void expireSites() {
        state.setRefreshSince(next());
        state.setSettled(false);
        staleReports();
    }

    private VersionMark next() {
        return new VersionMark(state.getGeneration(), state.getVersion() + 1);
    }

    /** Whether what a shard says of its sites is of before the version that asks for every one. */
    private boolean beforeRefresh(SiteChanges changes) {
        VersionMark since = state.getRefreshSince();
        return since != null
                && (changes.getGeneration() < since.getGeneration()
                        || changes.getGeneration() == since.getGeneration()
                                && changes.getVersion() < since.getVersion());
    }

    /** The sums are to be made anew: every shard is asked for its sites. */
    private void sumAnew() {
        state.setSumming(true);
        state.setSettled(false);
    }

    private void resent(SiteChanges sites) {
        if (newSums == null || sites.getGeneration() != state.getGeneration()) {
            return;
        }
        newSums.resent(sites);
        if (newSums.complete(config.shards())) {
            posterior.sumsOf(newSums.sums());
            refused = false;
            newSums = null;
            state.setSumming(false);
            state.setSummed(true);
            state.setChanges(0);
            state.setPending(state.getPending() + 1);
        }
    }

    /** The version at which the shards were asked for all sites; negative when they are not. */
    long sumsSince() {
        return newSums == null ? -1 : newSums.since();
    }

    /** Whether the version that is about to be published has to ask the shards for their sites, perhaps again. */
    private boolean asks(long now) {
        if (!state.getSumming() || newSums != null && now - askedAt < ASK_AGAIN_MILLIS) {
            return false;
        }
        if (newSums == null) {
            newSums = new NewSums(posterior.spec(), base, state.getVersion() + 1);
        }
        askedAt = now;
        return true;
    }

    private void apply(SiteChange change, int shard) {
        StoredSite removed = change.getRemoved();
        StoredSite added = change.getAdded();
        Site before = Sites.of(removed);
        Site after = Sites.of(added);
        posterior.change(before, after);
        refused = false;
        if (newSums != null) {
            newSums.change(shard, before, after);
        }
        state.setChanges(state.getChanges() + 1);
        boolean cancelled = after == null && !(before.trace() <= CANCELLATION * posterior.trace());
        if (cancelled || state.getChanges() >= CHANGES_PER_SUMS) {
            sumAnew();
        }
        if (bagsInState() == 0) {
            // With the last site goes the rounding of all that came and went.
            base.rebuild(posterior, List.of());
        }
        if (removed != null && added != null) {
            state.setRefreshed(state.getRefreshed() + 1);
        }
        audit(change, removed, added);
    }

    private void audit(SiteChange change, StoredSite removed, StoredSite added) {
        if (change.getErasure() != null) {
            forget(change.getSampleId());
            if (!state.getAuditErasures().contains(change.getErasure())) {
                state.getAuditErasures().add(change.getErasure());
            }
            return;
        }
        boolean sameLabel = removed != null
                && added != null
                && removed.getLabelRevision() == added.getLabelRevision()
                && removed.getBagRevision() == added.getBagRevision();
        if (sameLabel) {
            state.setAuditRefreshed(state.getAuditRefreshed() + 1);
            return;
        }
        if (removed != null) {
            state.getAuditRemoved().add(line(change, removed.getBagRevision(), removed.getLabelRevision()));
        }
        if (added != null) {
            state.getAuditAdded().add(line(change, added.getBagRevision(), added.getLabelRevision()));
        }
    }

    /** What is still to be told of an erased sample is not told. */
    private void forget(String sample) {
        state.setAuditAdded(without(sample, state.getAuditAdded()));
        state.setAuditRemoved(without(sample, state.getAuditRemoved()));
        state.setAuditAlreadyLearnt(without(sample, state.getAuditAlreadyLearnt()));
    }

    /** A list of its own: those of a restored state cannot be shortened. */
    private static List<String> without(String sample, List<String> lines) {
        return lines.stream()
                .filter(line -> !AuditLine.isOf(sample, line))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private static String line(SiteChange change, int bagRevision, int labelRevision) {
        return AuditLine.of(change.getSampleId(), bagRevision, labelRevision);
    }

    private void report(SiteChanges changes) {
        arriving = changes.getArriving();
        ShardReport report = state.getShards().stream()
                .filter(shard -> shard.getShard() == changes.getShard())
                .findFirst()
                .orElseGet(() -> {
                    ShardReport first = new ShardReport(changes.getShard(), 0, 0, 0.0, -1L);
                    state.getShards().add(first);
                    return first;
                });
        if (changes.getStale() > 0) {
            // Also of a posterior that rests, when an operator has asked for a refresh.
            state.setSettled(false);
        }
        report.setLabelled(changes.getLabelled());
        report.setStale(changes.getStale());
        report.setOldestPath(changes.getOldestPath());
        if (beforeRefresh(changes)) {
            stale(report);
        }
        if (changes.getAnswer()) {
            boolean current = changes.getGeneration() == state.getGeneration();
            report.setAnsweredVersion(current ? changes.getVersion() : -1);
        }
    }

    /** Milliseconds until a step may be due, 0 for now; negative when nothing is left to do. */
    long dueIn(long now) {
        if (state.getSettled() || state.getPaused() && state.getAuditErasures().isEmpty()) {
            return -1;
        }
        long since = now - lastStep;
        if (refused) {
            return Math.max(0, ASK_AGAIN_MILLIS - since);
        }
        boolean enough = state.getPending() >= batch() || roundComplete();
        long pause = arriving ? PAUSE * lastStepTook : 0;
        return Math.max(0, Math.max(enough ? PACE_MILLIS : PATIENCE_MILLIS, pause) - since);
    }

    /** Tells how long the last version took to make, its publication included. */
    void took(long millis) {
        lastStepTook = millis;
    }

    /** Few bags take their steps together: each is too large a share of the sums to lag behind the others. */
    private int batch() {
        return bagsInState() <= Sites.SMALL_COHORT
                ? Integer.MAX_VALUE
                : Math.max(1, (int) (bagsInState() * config.refreshFraction() / 2));
    }

    private boolean roundComplete() {
        long answered = state.getShards().stream()
                .filter(shard -> shard.getAnsweredVersion() == state.getVersion())
                .count();
        return answered == config.shards();
    }

    /**
     * Takes one damped step and makes the next version of it.
     *
     * @return the outcome of the step; a refused one does not change the mean, and makes a version only to ask the shards for
     *     their sites
     */
    Step step(long now) {
        lastStep = now;
        advancePhase();
        Step step = posterior.step(config.stepLimit());
        state.setPending(0);
        if (step.refused()) {
            refusedSteps++;
        }
        if (step.refused() && !state.getSummed()) {
            sumAnew();
        }
        boolean asks = asks(now);
        if (step.refused() && !asks) {
            // Tried again at once it would be refused again: other sites have to come first.
            refused = true;
            return step;
        }
        state.setPreviousGeneration(state.getVersion() == 0 ? 0 : state.getPublishedGeneration());
        state.setPreviousVersion(state.getVersion());
        state.setPublishedGeneration(state.getGeneration());
        state.setVersion(state.getVersion() + 1);
        if (step.refused()) {
            postponeMarks();
        } else {
            state.setSummed(false);
            state.setResidual(step.residual());
            // A linearised posterior that rests goes on to be refined.
            state.setSettled(rests() && posterior.phase() != Phase.LINEARISED && !state.getSumming());
        }
        return step;
    }

    /** A version with the mean of the one before still has in it what is to be refreshed or erased. */
    private void postponeMarks() {
        state.setRefreshSince(postponed(state.getRefreshSince()));
        state.setErasedSince(postponed(state.getErasedSince()));
    }

    private VersionMark postponed(VersionMark mark) {
        return mark != null && mark.getVersion() == state.getVersion() ? next() : mark;
    }

    private boolean rests() {
        return state.getResidual() < config.restTolerance() && fresh();
    }

    private boolean fresh() {
        int labelled = 0;
        double oldest = Double.POSITIVE_INFINITY;
        for (ShardReport shard : state.getShards()) {
            labelled += shard.getLabelled();
            oldest = Math.min(oldest, shard.getOldestPath());
        }
        return labelled == bagsInState() && posterior.pathLength() - oldest <= config.staleness();
    }

    private void advancePhase() {
        int labelled = posterior.labelledBags();
        if (posterior.phase() == Phase.MEAN_POOLING && labelled >= WARMUP_BAGS) {
            enter(Phase.LINEARISED);
        } else if (posterior.phase() == Phase.LINEARISED
                && (rests() || state.getRefreshed() >= Math.min(LINEARISED_VISITS, 2L * bagsInState()))) {
            enter(Phase.SAMPLED);
        }
    }

    /** Sites of another phase are stale, so what the shards reported before says nothing of them. */
    private void enter(Phase phase) {
        posterior.phase(phase);
        state.setRefreshed(0);
        staleReports();
    }

    private void staleReports() {
        state.getShards().forEach(PosteriorLearner::stale);
    }

    private static void stale(ShardReport shard) {
        shard.setOldestPath(shard.getLabelled() == 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
        shard.setStale(shard.getLabelled());
    }

    /** Steps that were refused since the start of the job. */
    long refusedSteps() {
        return refusedSteps;
    }

    int staleSites() {
        return state.getShards().stream().mapToInt(ShardReport::getStale).sum();
    }

    PosteriorSnapshot snapshot() {
        return posterior.snapshot(state.getGeneration(), state.getVersion());
    }
}
