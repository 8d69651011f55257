package io.gmil.cli.offline;

import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.LabelledBag;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.model.RandomIntercepts;
import io.gmil.stream.saved.SavedModel;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Predicts bags by a saved model, each for itself. */
final class OfflinePredictor {

    /** A model directory holds one posterior; 0 is the prior. */
    private static final int VERSION = 1;

    private final CovariateScaler covariates;

    /** Where each covariate of the model is among those of a sample, -1 for one left out. */
    private final int[] column;

    private final Predictor predictor;
    private final RandomIntercepts groups;
    private final PosteriorSnapshot[][] posteriors;

    OfflinePredictor(SavedModel model) {
        this(model, Set.of());
    }

    /** @param without covariates left out: samples do not have them, and count as average in them */
    OfflinePredictor(SavedModel model, Set<String> without) {
        FeatureScaler features = model.featureScaler();
        this.covariates = model.covariateScaler();
        this.column = column(model.covariates(), without);
        this.groups = model.groups();
        this.posteriors = model.posteriors().stream()
                .map(outcome -> outcome.exactSnapshots(0, VERSION))
                .toArray(PosteriorSnapshot[][]::new);
        this.predictor = new Predictor(
                model.posteriors().stream().map(OutcomePosterior::spec).toList(), features);
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

    /** Of a class of an outcome. */
    PosteriorSnapshot posterior(int outcome, int clazz) {
        return posteriors[outcome][clazz];
    }

    /**
     * Of every outcome and class.
     *
     * @param request null for no attention
     */
    BagPrediction[][] predict(Sample sample, Cells cells, AttentionRequest request) {
        return predictor.predict(cells, fixedEffects(sample), posteriors, request);
    }

    /** Several at once, without attention; by sample, outcome and class. */
    List<BagPrediction[][]> predict(List<Sample> samples, IntFunction<Cells> cells) {
        List<LabelledBag> bags = IntStream.range(0, samples.size())
                .mapToObj(i -> new LabelledBag(cells.apply(i), fixedEffects(samples.get(i))))
                .toList();
        return predictor.predict(bags, posteriors, null);
    }

    private double[] fixedEffects(Sample sample) {
        return groups.append(
                covariates.fixedEffects(complete(sample.covariates())),
                sample.group().orElse(null));
    }
}
