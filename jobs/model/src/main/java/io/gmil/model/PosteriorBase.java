package io.gmil.model;

import java.util.List;

/**
 * Bags in the sums of a {@link Posterior} whose sites nobody holds: what was learnt elsewhere before.
 *
 * <pre>
 * Λ = Λ₀(σ²) + Σ H_base + Σ H_n,   r = Σ h_base + Σ h_n
 * </pre>
 *
 * <p>It is fixed: its sites can neither be recomputed nor taken out.
 */
public final class PosteriorBase {
    private final int labelledBags;

    /** Null for no bags. */
    private final SiteTotal sum;

    private PosteriorBase(int labelledBags, SiteTotal sum) {
        this.labelledBags = labelledBags;
        this.sum = sum;
    }

    /** No bags: a posterior that began with the prior. */
    public static PosteriorBase none() {
        return new PosteriorBase(0, null);
    }

    /** The sums of a posterior as they are now. */
    public static PosteriorBase of(Posterior learnt) {
        return new PosteriorBase(learnt.labelledBags, learnt.sum.copy());
    }

    /** Bags in it. */
    public int labelledBags() {
        return labelledBags;
    }

    /**
     * Makes the sums of a posterior anew: this base and these sites. Without sites they are the base to the last bit. The
     * mean and S stay.
     */
    public void rebuild(Posterior posterior, Iterable<Site> sites) {
        posterior.rebuild(List.of());
        if (sum != null) {
            posterior.sum = sum.copy();
        }
        posterior.labelledBags = labelledBags;
        for (Site site : sites) {
            posterior.added(site);
        }
    }
}
