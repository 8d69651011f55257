package io.gmil.cli.offline;

import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.stream.saved.SavedModel;

/** Predicts bags by a saved model, each for itself. */
final class OfflinePredictor {

    /** A model directory holds one posterior; 0 is the prior. */
    private static final int VERSION = 1;

    private final CovariateScaler covariates;
    private final Predictor predictor;
    private final PosteriorSnapshot posterior;

    OfflinePredictor(SavedModel model) {
        FeatureScaler features = model.featureScaler();
        this.covariates = model.covariateScaler();
        this.posterior = model.posterior().snapshot(0, VERSION);
        this.predictor = new Predictor(posterior.spec(), features);
    }

    PosteriorSnapshot posterior() {
        return posterior;
    }

    /** @param request null for no attention */
    BagPrediction predict(Sample sample, Cells cells, AttentionRequest request) {
        return predictor.predict(cells, covariates.fixedEffects(sample.covariates()), posterior, request);
    }
}
