package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.model.Site;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.StoredSite;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The sites that the changes of all shards leave, kept by sample. */
final class SiteLedger {

    private final Map<String, StoredSite> sites = new TreeMap<>();

    SiteLedger copy() {
        SiteLedger copy = new SiteLedger();
        copy.sites.putAll(sites);
        return copy;
    }

    void put(String sample, StoredSite site) {
        sites.put(sample, site);
    }

    /** EachBagCountedOnce: a change takes out exactly what the changes before it have put in. */
    void apply(SiteChanges changes) {
        if (changes.getResent() != null) {
            changes.getChanges().forEach(site -> assertThat(site.getAdded())
                    .as("site of %s that is sent once more", site.getSampleId())
                    .isEqualTo(sites.get(site.getSampleId())));
            return;
        }
        for (SiteChange change : changes.getChanges()) {
            String sample = change.getSampleId();
            assertThat(change.getRemoved())
                    .as("site that leaves for %s", sample)
                    .isEqualTo(sites.remove(sample));
            if (change.getAdded() != null) {
                sites.put(sample, change.getAdded());
            }
        }
    }

    Set<String> samples() {
        return sites.keySet();
    }

    StoredSite site(String sample) {
        return sites.get(sample);
    }

    List<Site> sites() {
        return sites.values().stream().map(Sites::of).toList();
    }
}
