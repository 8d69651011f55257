package io.gmil.stream.learn;

import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.stream.Bytes;
import io.gmil.stream.Sites;
import io.gmil.stream.state.ModelId;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.StoredSite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Shards as a learner sees them. A bag's site is the same at every visit, so that a posterior can come to rest. */
final class FakeShards {

    static final int WIDTH = 2;
    static final ModelId MODEL = new ModelId("default", "Y", "pca", "1", "s1", WIDTH);

    private static final int DIMENSION = 1 + 2 * WIDTH;

    private final double staleness;
    private final List<Map<String, StoredSite>> shards = new ArrayList<>();

    FakeShards(int count, double staleness) {
        this.staleness = staleness;
        for (int i = 0; i < count; i++) {
            shards.add(new LinkedHashMap<>());
        }
    }

    int count() {
        return shards.size();
    }

    /** Every site in state. */
    List<Site> sites() {
        return shards.stream()
                .flatMap(shard -> shard.values().stream())
                .map(Sites::of)
                .toList();
    }

    List<String> samples(int shard) {
        return List.copyOf(shards.get(shard).keySet());
    }

    SiteChanges add(int shard, String sample, int labelRevision, PosteriorSnapshot at) {
        return report(shard, at, false, List.of(put(shard, sample, labelRevision, at)));
    }

    /** A site that pulls the mean far away. */
    SiteChanges addFar(int shard, String sample, PosteriorSnapshot at) {
        StoredSite far = StoredSite.newBuilder(put(shard, sample, 0, at).getAdded())
                .setShift(Bytes.of(new Random(1).doubles(DIMENSION, 1e6, 2e6).toArray()))
                .build();
        shards.get(shard).put(sample, far);
        return report(shard, at, false, List.of(new SiteChange(sample, 0, 0, null, null, far)));
    }

    SiteChanges remove(int shard, String sample, PosteriorSnapshot at) {
        StoredSite old = shards.get(shard).remove(sample);
        return report(shard, at, false, List.of(new SiteChange(sample, 0, old.getLabelRevision(), null, old, null)));
    }

    /** Answers the token of a version: everything stale is computed again. */
    SiteChanges answer(int shard, PosteriorSnapshot at) {
        List<SiteChange> changes = new ArrayList<>();
        for (Map.Entry<String, StoredSite> site : List.copyOf(shards.get(shard).entrySet())) {
            if (stale(site.getValue(), at)) {
                changes.add(put(shard, site.getKey(), site.getValue().getLabelRevision(), at));
            }
        }
        return report(shard, at, true, changes);
    }

    /** Answers the token of a version for which there was no time. */
    SiteChanges emptyAnswer(int shard, PosteriorSnapshot at) {
        return report(shard, at, true, List.of());
    }

    private boolean stale(StoredSite site, PosteriorSnapshot at) {
        return !site.getPhase().equals(at.phase().name()) || at.pathLength() - site.getPath() > staleness;
    }

    private SiteChange put(int shard, String sample, int labelRevision, PosteriorSnapshot at) {
        Random random = new Random(sample.hashCode() + 31L * labelRevision);
        double[] rows = random.doubles(DIMENSION, -1, 1).toArray();
        double[] shift = random.doubles(DIMENSION, -1, 1).toArray();
        StoredSite fresh = StoredSite.newBuilder()
                .setBagRevision(0)
                .setLabelRevision(labelRevision)
                .setPhase(at.phase().name())
                .setPath(at.pathLength())
                .setVisits(1)
                .setRank(1)
                .setRows(Bytes.of(rows))
                .setShift(Bytes.of(shift))
                .build();
        StoredSite old = shards.get(shard).put(sample, fresh);
        return new SiteChange(sample, 0, labelRevision, null, old, fresh);
    }

    private SiteChanges report(int shard, PosteriorSnapshot at, boolean answer, List<SiteChange> changes) {
        int stale = 0;
        double oldest = Double.POSITIVE_INFINITY;
        for (StoredSite site : shards.get(shard).values()) {
            stale += stale(site, at) ? 1 : 0;
            boolean current = site.getPhase().equals(at.phase().name());
            oldest = Math.min(oldest, current ? site.getPath() : Double.NEGATIVE_INFINITY);
        }
        int labelled = shards.get(shard).size();
        return new SiteChanges(
                MODEL,
                shard,
                at.generation(),
                at.version(),
                answer,
                false,
                false,
                null,
                null,
                labelled,
                stale,
                oldest,
                changes);
    }
}
