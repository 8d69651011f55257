package io.gmil.stream;

import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.StoredSite;

/** Sites as they are stored and travel, and back. */
public final class Sites {

    private Sites() {}

    /** The site of a record; null for null. */
    public static Site of(StoredSite stored) {
        return stored == null
                ? null
                : new Site(stored.getRank(), Bytes.doubles(stored.getRows()), Bytes.doubles(stored.getShift()));
    }

    /** The record of a site that was computed at a posterior. */
    public static StoredSite stored(Site site, Bag bag, OutcomeState label, PosteriorSnapshot posterior, int visits) {
        return StoredSite.newBuilder()
                .setBagRevision(bag.getRevision())
                .setLabelRevision(label.getLabelRevision())
                .setPhase(posterior.phase().name())
                .setPath(posterior.pathLength())
                .setVisits(visits)
                .setRank(site.rank())
                .setRows(Bytes.of(site.rows()))
                .setShift(Bytes.of(site.shift()))
                .build();
    }
}
