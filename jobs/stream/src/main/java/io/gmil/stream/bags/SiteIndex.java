package io.gmil.stream.bags;

import io.gmil.model.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How fresh the sites of one model in one shard are. It is kept on the heap beside the stored sites, from which it can
 * be rebuilt, so that finding the stalest does not read them all.
 */
final class SiteIndex {

    /**
     * @param path path length of the posterior the site was computed at
     * @param averaged visits averaged in it
     * @param at the version of that posterior
     */
    private record Freshness(Phase phase, double path, int averaged, Version at) {}

    private final int leastVisits;
    private final Map<String, Freshness> sites = new LinkedHashMap<>();
    private Version since = Version.NONE;

    /** @param leastVisits visits a sampled site has to average before it can be fresh */
    SiteIndex(int leastVisits) {
        this.leastVisits = leastVisits;
    }

    void put(String sample, Phase phase, double path, int averaged, Version at) {
        sites.put(sample, new Freshness(phase, path, averaged, at));
    }

    void remove(String sample) {
        sites.remove(sample);
    }

    /** From now on every site that was computed before this version is stale. */
    void expireBefore(Version first) {
        since = first;
    }

    /** One of the samples. */
    Optional<String> any() {
        return sites.keySet().stream().findFirst();
    }

    int labelled() {
        return sites.size();
    }

    /**
     * The samples whose sites are stale at a posterior, the stalest first.
     *
     * @param most how many at the most
     * @param staleness path length after which a site is stale; one of another phase, of too few visits, or that has
     *     expired always is
     */
    List<String> stalest(int most, Phase phase, double path, double staleness) {
        List<Map.Entry<String, Freshness>> stale = new ArrayList<>();
        for (Map.Entry<String, Freshness> site : sites.entrySet()) {
            if (path - at(site.getValue(), phase) > staleness) {
                stale.add(site);
            }
        }
        stale.sort(Comparator.<Map.Entry<String, Freshness>, Boolean>comparing(site -> site.getValue().phase == phase)
                .thenComparing(site -> !expired(site.getValue()))
                .thenComparingDouble(site -> site.getValue().path));
        return stale.stream().limit(most).map(Map.Entry::getKey).toList();
    }

    int stale(Phase phase, double path, double staleness) {
        int stale = 0;
        for (Freshness site : sites.values()) {
            stale += path - at(site, phase) > staleness ? 1 : 0;
        }
        return stale;
    }

    /** Path length at the stalest site; infinite without sites, minus infinity while one of them is stale by itself. */
    double oldest(Phase phase) {
        double oldest = Double.POSITIVE_INFINITY;
        for (Freshness site : sites.values()) {
            oldest = Math.min(oldest, at(site, phase));
        }
        return oldest;
    }

    private double at(Freshness site, Phase phase) {
        boolean unfinished = site.phase != phase || phase == Phase.SAMPLED && site.averaged < leastVisits;
        return unfinished || expired(site) ? Double.NEGATIVE_INFINITY : site.path;
    }

    private boolean expired(Freshness site) {
        return since.newerThan(site.at);
    }
}
