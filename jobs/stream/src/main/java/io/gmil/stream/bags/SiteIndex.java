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

    /** @param path path length of the posterior the site was computed at */
    private record Freshness(Phase phase, double path) {}

    private final Map<String, Freshness> sites = new LinkedHashMap<>();

    void put(String sample, Phase phase, double path) {
        sites.put(sample, new Freshness(phase, path));
    }

    void remove(String sample) {
        sites.remove(sample);
    }

    int labelled() {
        return sites.size();
    }

    /**
     * The samples whose sites are stale at a posterior, the stalest first.
     *
     * @param most how many at the most
     * @param staleness path length after which a site is stale; one of another phase always is
     */
    List<String> stalest(int most, Phase phase, double path, double staleness) {
        List<Map.Entry<String, Freshness>> stale = new ArrayList<>();
        for (Map.Entry<String, Freshness> site : sites.entrySet()) {
            if (path - at(site.getValue(), phase) > staleness) {
                stale.add(site);
            }
        }
        stale.sort(Comparator.comparingDouble(site -> at(site.getValue(), phase)));
        return stale.stream().limit(most).map(Map.Entry::getKey).toList();
    }

    int stale(Phase phase, double path, double staleness) {
        int stale = 0;
        for (Freshness site : sites.values()) {
            stale += path - at(site, phase) > staleness ? 1 : 0;
        }
        return stale;
    }

    /** Path length at the stalest site; infinite without sites, minus infinity while one is of another phase. */
    double oldest(Phase phase) {
        double oldest = Double.POSITIVE_INFINITY;
        for (Freshness site : sites.values()) {
            oldest = Math.min(oldest, at(site, phase));
        }
        return oldest;
    }

    private static double at(Freshness site, Phase phase) {
        return site.phase == phase ? site.path : Double.NEGATIVE_INFINITY;
    }
}
