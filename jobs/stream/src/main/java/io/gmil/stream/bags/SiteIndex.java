package io.gmil.stream.bags;

import io.gmil.model.Phase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How fresh the sites of one model in one shard are. It is kept on the heap beside the stored sites, from which it can
 * be rebuilt, so that finding the stalest does not read them all.
 */
final class SiteIndex {

    /**
     * @param path path length of the posterior the site was computed at
     * @param averaged visits averaged in it
     */
    private record Freshness(Phase phase, double path, int averaged) {}

    private final int leastVisits;
    private final Map<String, Freshness> sites = new LinkedHashMap<>();

    /** @param leastVisits visits a sampled site has to average before it can be fresh */
    SiteIndex(int leastVisits) {
        this.leastVisits = leastVisits;
    }

    void put(String sample, Phase phase, double path, int averaged) {
        sites.put(sample, new Freshness(phase, path, averaged));
    }

    void remove(String sample) {
        sites.remove(sample);
    }

    /** From now on every site is stale. */
    void expire() {
        sites.replaceAll((sample, site) -> new Freshness(site.phase(), Double.NEGATIVE_INFINITY, site.averaged()));
    }

    int labelled() {
        return sites.size();
    }

    /**
     * The samples whose sites are stale at a posterior, the stalest first.
     *
     * @param most how many at the most
     * @param staleness path length after which a site is stale; one of another phase, or of too few visits, always is
     */
    List<String> stalest(int most, Phase phase, double path, double staleness) {
        List<Map.Entry<String, Freshness>> stale = new ArrayList<>();
        for (Map.Entry<String, Freshness> site : sites.entrySet()) {
            if (path - at(site.getValue(), phase) > staleness) {
                stale.add(site);
            }
        }
        stale.sort(Comparator.<Map.Entry<String, Freshness>, Boolean>comparing(site -> site.getValue().phase == phase)
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

    /** Path length at the stalest site; infinite without sites, minus infinity while one is of another phase or of too few visits. */
    double oldest(Phase phase) {
        double oldest = Double.POSITIVE_INFINITY;
        for (Freshness site : sites.values()) {
            oldest = Math.min(oldest, at(site, phase));
        }
        return oldest;
    }

    private double at(Freshness site, Phase phase) {
        boolean unfinished = site.phase != phase || phase == Phase.SAMPLED && site.averaged < leastVisits;
        return unfinished ? Double.NEGATIVE_INFINITY : site.path;
    }
}
