package io.gmil.cli.evaluate;

import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.GatedAttention;
import io.gmil.model.GmilFit;
import io.gmil.model.ModelSpec;
import io.gmil.model.ModelSpec.Covariance;
import io.gmil.model.ModelSpec.Effects;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import java.util.function.IntFunction;

/** The models that are compared. */
public enum EvaluatedModel {
    /** GMIL as it is learnt offline. */
    GMIL("gmil", "GMIL") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, long seed) {
            return posterior(fold, fold.spec(), GmilFit.passes(PASSES, seed));
        }
    },
    /** The same with every cell weighted alike: the plain GLMM. */
    GLMM_MEAN("glmmMean", "mean pooling") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, long seed) {
            return posterior(fold, fold.spec(), GmilFit.passes(PASSES, seed).withoutAttention());
        }
    },
    /** GMIL with independent components of the posterior. */
    MEAN_FIELD("meanField", "mean field") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, long seed) {
            return posterior(fold, fold.spec().with(Covariance.MEAN_FIELD), GmilFit.passes(PASSES, seed));
        }
    },
    /** GMIL with flat priors: attention and effects are not shrunk. */
    FIXED_EFFECTS("fixedEffects", "fixed effects") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, long seed) {
            return posterior(fold, fold.spec().with(Effects.FIXED), GmilFit.passes(PASSES, seed));
        }
    },
    /** A gated attention network. */
    GATED_ATTENTION("gatedAttention", "gated attention") {
        @Override
        IntFunction<Forecast> fit(TrainingFold fold, long seed) {
            GatedAttention network = GatedAttention.fit(fold.trainingBags(), fold.features(), seed);
            return sample ->
                    Forecast.withoutInterval(network.probability(fold.bags().cells(sample), fold.fixedEffects(sample)));
        }
    };

    private static final int PASSES = 20;

    private final String key;
    private final String title;

    EvaluatedModel(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Learns a fold; the result is for one thread. */
    abstract IntFunction<Forecast> fit(TrainingFold fold, long seed);

    private static IntFunction<Forecast> posterior(TrainingFold fold, ModelSpec spec, GmilFit fit) {
        PosteriorSnapshot posterior =
                fit.fit(fold.trainingBags(), spec, fold.features()).exactSnapshot(0, 0);
        Predictor predictor = new Predictor(spec, fold.features());
        return sample -> {
            Cells cells = fold.bags().cells(sample);
            BagPrediction outcome = predictor.predict(cells, fold.fixedEffects(sample), posterior);
            // With the intercept, which takes up the constant that the bag effects of a fit have in common.
            BagPrediction effect = predictor.predict(cells, fold.intercept(), posterior);
            return new Forecast(outcome.etaMean(), outcome.probability(), effect.etaMean(), effect.etaSd());
        };
    }

    /** For tables. */
    public String title() {
        return title;
    }

    /** As it is written in options and results. */
    @Override
    public String toString() {
        return key;
    }
}
