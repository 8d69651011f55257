package io.gmil.stream.bags;

import io.gmil.model.PosteriorSnapshot;
import io.gmil.schema.PosteriorVersion;

/** A posterior version. */
record Version(long generation, long number) {

    /** Of the prior. */
    static final Version NONE = new Version(0, 0);

    static Version of(PosteriorSnapshot posterior) {
        return new Version(posterior.generation(), posterior.version());
    }

    /** @param published null for none */
    static Version of(PosteriorVersion published) {
        return published == null ? NONE : new Version(published.getGeneration(), published.getVersion());
    }

    /** As an operator writes it. */
    @Override
    public String toString() {
        return generation + "." + number;
    }

    boolean newerThan(Version other) {
        return generation > other.generation || generation == other.generation && number > other.number;
    }
}
