package io.gmil.model;

/** Told how far a fit is, by the thread that fits. */
@FunctionalInterface
public interface FitProgress {
    /** For those who do not want to know. */
    FitProgress SILENT = (done, of) -> {};

    /**
     * A pass over the bags is done.
     *
     * @param done passes, those of all starts
     * @param of so many
     */
    void pass(int done, int of);
}
