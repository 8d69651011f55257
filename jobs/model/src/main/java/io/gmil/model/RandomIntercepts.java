package io.gmil.model;

import java.util.Arrays;
import java.util.List;

/**
 * A grouping of samples, such as sequencing batch or site, each level with an intercept b ~ N(0, σ_b²) of its own.
 *
 * @param levels R
 */
public record RandomIntercepts(List<String> levels) {
    public RandomIntercepts {
        levels = List.copyOf(levels);
    }

    /** No grouping. */
    public static RandomIntercepts none() {
        return new RandomIntercepts(List.of());
    }

    /**
     * f (K + R): the fixed effects (K), then 1 for this level and 0 for the others; a level that is not known, or null, has
     * 0 for all, and its prediction the variance of the prior.
     */
    public double[] append(double[] fixedEffects, String level) {
        if (levels.isEmpty()) {
            return fixedEffects;
        }
        double[] f = Arrays.copyOf(fixedEffects, fixedEffects.length + levels.size());
        int index = level == null ? -1 : levels.indexOf(level); // an immutable list refuses to look for null
        if (index >= 0) {
            f[fixedEffects.length + index] = 1;
        }
        return f;
    }
}
