package io.gmil.cli.demo;

import io.gmil.cli.report.BagScore;
import io.gmil.cohort.Sample;
import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.GmilFit;
import io.gmil.model.LabelledBag;
import io.gmil.model.ModelSpec;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What GMIL is compared with: the same model on the same data with every cell weighted alike, fitted offline. The bag
 * effect of equal weights is linear in the cells, so one cell, the bag's mean, stands for the bag.
 */
final class MeanPooling {

    private static final int PASSES = 20;

    private final Survey survey;
    private final List<Sample> samples;
    private final CovariateScaler covariates;
    private final Predictor predictor;
    private final PosteriorSnapshot posterior;

    private MeanPooling(Survey survey, List<Sample> samples, int trials, long seed) {
        FeatureScaler features = survey.featureScaler();
        this.survey = survey;
        this.samples = samples;
        this.covariates = survey.covariateScaler();
        ModelSpec spec = ModelSpec.binomial(trials, features.width(), covariates.fixedEffects());
        this.predictor = new Predictor(spec, features);
        this.posterior = GmilFit.passes(PASSES, seed)
                .withoutAttention()
                .fit(labelledBags(trials), spec, features)
                .snapshot(0, 0);
    }

    static MeanPooling fit(Survey survey, List<Sample> samples, int trials, long seed) {
        return new MeanPooling(survey, samples, trials, seed);
    }

    private List<LabelledBag> labelledBags(int trials) {
        List<LabelledBag> bags = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            if (sample.training() && sample.label().isPresent()) {
                bags.add(
                        new LabelledBag(mean(i), fixedEffects(i), sample.label().getAsDouble(), trials));
            }
        }
        return bags;
    }

    private Cells mean(int sample) {
        float[] mean = survey.mean(sample);
        return Cells.of(mean, 1, mean.length);
    }

    private double[] fixedEffects(int sample) {
        return covariates.fixedEffects(samples.get(sample).covariates());
    }

    BagScore score(int sample) {
        BagPrediction prediction = predictor.predict(mean(sample), fixedEffects(sample), posterior);
        return new BagScore(prediction.probability(), prediction.randomEffect());
    }

    /** Equal weights. */
    float[] weights(int sample) {
        float[] weights = new float[samples.get(sample).cells()];
        Arrays.fill(weights, 1f / weights.length);
        return weights;
    }
}
