package io.gmil.cli.evaluate;

import io.gmil.model.GmilFit;

/**
 * How GMIL in its forms is learnt in each fold.
 *
 * @param passes over the training samples
 * @param starts of which the best is kept, by the evidence lower bound; mean pooling has no use for several
 * @param heads of the model that has several
 */
public record FitSettings(int passes, int starts, int heads) {

    GmilFit fit(long seed) {
        return GmilFit.passes(passes, seed).withStarts(starts);
    }
}
