package io.gmil.stream;

import io.gmil.model.Linearisation;
import io.gmil.model.Phase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.StoredLinearisation;
import io.gmil.stream.state.StoredSite;

/** Sites as they are stored and travel, and back. */
public final class Sites {

    /** Labelled bags up to which every version asks for all stale sites, and the next one waits for them. */
    public static final int SMALL_COHORT = 64;

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
                .setOfPatient(label.getOfPatient())
                .setPhase(posterior.phase().name())
                .setPath(posterior.pathLength())
                .setGeneration(posterior.generation())
                .setVersion(posterior.version())
                .setVisits(visits)
                .setRank(site.rank())
                .setRows(Bytes.of(site.rows()))
                .setShift(Bytes.of(site.shift()))
                .build();
    }

    /** The record of a linearisation at a posterior. */
    public static StoredLinearisation stored(Linearisation linearisation, String model, PosteriorSnapshot posterior) {
        return new StoredLinearisation(
                model,
                linearised(posterior.phase()).name(),
                posterior.pathLength(),
                posterior.generation(),
                posterior.version(),
                Bytes.of(linearisation.gradient()),
                linearisation.etaMean(),
                linearisation.etaVariance(),
                linearisation.gradientTimesMean());
    }

    /** The first site of a bag that has just got its label. */
    public static StoredSite first(StoredLinearisation stored, Bag bag, OutcomeState label) {
        Site site = new Linearisation(
                        Bytes.doubles(stored.getGradient()),
                        stored.getEtaMean(),
                        stored.getEtaVariance(),
                        stored.getGradientTimesMean())
                .site(label.getValue(), label.getTrials());
        return StoredSite.newBuilder()
                .setBagRevision(bag.getRevision())
                .setLabelRevision(label.getLabelRevision())
                .setOfPatient(label.getOfPatient())
                .setPhase(stored.getPhase())
                .setPath(stored.getPath())
                .setGeneration(stored.getGeneration())
                .setVersion(stored.getVersion())
                .setVisits(1)
                .setRank(site.rank())
                .setRows(Bytes.of(site.rows()))
                .setShift(Bytes.of(site.shift()))
                .build();
    }

    /** The phase of a site that is linearised at the most. */
    public static Phase linearised(Phase phase) {
        return phase == Phase.SAMPLED ? Phase.LINEARISED : phase;
    }
}
