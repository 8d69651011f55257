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
import java.util.List;
import java.util.Set;

/** Predicts bags by a saved model, each for itself. */
final class OfflinePredictor {

    /** A model directory holds one posterior; 0 is the prior. */
    private static final int VERSION = 1;

    private final CovariateScaler covariates;

    /** Where each covariate of the model is among those of a sample, -1 for one left out. */
    private final int[] column;

    private final Predictor predictor;
    private final PosteriorSnapshot posterior;

    OfflinePredictor(SavedModel model) {
        this(model, Set.of());
    }

    /** @param without covariates left out: samples do not have them, and count as average in them */
    OfflinePredictor(SavedModel model, Set<String> without) {
        FeatureScaler features = model.featureScaler();
        this.covariates = model.covariateScaler();
        this.column = column(model.covariates(), without);
        this.posterior = model.posterior().snapshot(0, VERSION);
        this.predictor = new Predictor(posterior.spec(), features);
    }

    private static int[] column(List<String> ofModel, Set<String> without) {
        int[] column = new int[ofModel.size()];
        int next = 0;
        for (int k = 0; k < column.length; k++) {
            column[k] = without.contains(ofModel.get(k)) ? -1 : next++;
        }
        return column;
    }

    private double[] complete(double[] ofSample) {
        double[] raw = covariates.mean().clone();
        for (int k = 0; k < raw.length; k++) {
            raw[k] = column[k] < 0 ? raw[k] : ofSample[column[k]];
        }
        return raw;
    }

    PosteriorSnapshot posterior() {
        return posterior;
    }

    /** @param request null for no attention */
    BagPrediction predict(Sample sample, Cells cells, AttentionRequest request) {
        return predictor.predict(cells, covariates.fixedEffects(complete(sample.covariates())), posterior, request);
    }
}
