package io.gmil.stream.learn;

import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorBase;
import io.gmil.model.Site;
import io.gmil.stream.Sites;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The sums of a posterior, made anew from the sites that the shards send once more while changes go on. A shard that has
 * sent its own passes its changes on to both; before that they are in what it is about to send.
 */
final class NewSums {

    private final Posterior sums;
    private final long since;
    private final Set<Integer> complete = new HashSet<>();

    /**
     * @param base what the posterior began with besides the prior
     * @param since version at which the shards were asked
     */
    NewSums(ModelSpec spec, PosteriorBase base, long since) {
        this.sums = new Posterior(spec);
        this.since = since;
        base.rebuild(sums, List.of());
    }

    long since() {
        return since;
    }

    /** Takes sites of a shard, unless they are an answer to another question. */
    void resent(SiteChanges sites) {
        if (sites.getResent().getSince() != since || complete.contains(sites.getShard())) {
            return;
        }
        for (SiteChange site : sites.getChanges()) {
            sums.added(Sites.of(site.getAdded()));
        }
        if (sites.getResent().getLast()) {
            complete.add(sites.getShard());
        }
    }

    /** A site of a shard has changed; null stands for none. */
    void change(int shard, Site before, Site after) {
        if (complete.contains(shard)) {
            sums.change(before, after);
        }
    }

    /** Whether all of so many shards have sent theirs. */
    boolean complete(int shards) {
        return complete.size() == shards;
    }

    Posterior sums() {
        return sums;
    }
}
