package io.gmil.cli.evaluate;

import io.gmil.model.GatedAttention;
import io.gmil.model.GmilFit;
import io.gmil.model.ModelSpec.Covariance;
import io.gmil.model.ModelSpec.Effects;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.IntFunction;

/** The models that are compared. */
public enum EvaluatedModel {
    /** GMIL as it is learnt offline. */
    GMIL("gmil", "GMIL") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            return PosteriorForecasts.fit(fold, fold.spec(1), how.fit(seed));
        }
    },
    /** The same with every cell weighted alike: the plain GLMM. */
    GLMM_MEAN("glmmMean", "mean pooling") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            GmilFit fit = how.fit(seed).withoutAttention();
            return PosteriorForecasts.fit(fold, fold.spec(1), fit);
        }
    },
    /** GMIL with independent components of the posterior. */
    MEAN_FIELD("meanField", "mean field") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            return PosteriorForecasts.fit(fold, fold.spec(1).with(Covariance.MEAN_FIELD), how.fit(seed));
        }
    },
    /** GMIL with flat priors: attention and effects are not shrunk. */
    FIXED_EFFECTS("fixedEffects", "fixed effects") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            return PosteriorForecasts.fit(fold, fold.spec(1).with(Effects.FIXED), how.fit(seed));
        }
    },
    /** A gated attention network. */
    GATED_ATTENTION("gatedAttention", "gated attention") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            GatedAttention network = GatedAttention.fit(
                    fold.trainingBags(), fold.trainingPatients(), fold.likelihood(), fold.features(), seed);
            return sample -> Forecast.withoutInterval(
                    Arrays.stream(network.mean(fold.bags().cells(sample), fold.fixedEffects(sample)))
                            .map(fold.labelScale()::unscaled)
                            .toArray());
        }

        @Override
        int fewestPatients() {
            return GatedAttention.FEWEST_PATIENTS;
        }
    },
    /** GMIL with several attention heads. */
    HEADS("heads", "heads") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            // Heads begin at random: elsewhere in each fold, so that one bad start does not decide all.
            return PosteriorForecasts.fit(fold, fold.spec(how.heads()).withSeed(seed), how.fit(seed));
        }

        @Override
        String title(int heads) {
            return heads + " heads";
        }
    },
    /** GMIL with an intercept for each level of a grouping. */
    RANDOM_INTERCEPT("randomIntercept", "random intercept") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed) {
            TrainingFold grouped = fold.withRandomIntercepts();
            return PosteriorForecasts.fit(grouped, grouped.spec(1), how.fit(seed));
        }
    };

    private final String key;
    private final String title;

    EvaluatedModel(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Those that need no option of their own. */
    public static Set<EvaluatedModel> usual() {
        return EnumSet.complementOf(EnumSet.of(HEADS, RANDOM_INTERCEPT));
    }

    /** Learns a fold; the result is for one thread. */
    abstract IntFunction<Forecast> fit(TrainingFold fold, FitSettings how, long seed);

    /** Training patients that it takes to be learnt. */
    int fewestPatients() {
        return 1;
    }

    /** For tables. */
    String title(int heads) {
        return title;
    }

    /** As it is written in options and results. */
    @Override
    public String toString() {
        return key;
    }
}
