package io.gmil.cli.evaluate;

import io.gmil.cohort.Sample;
import io.gmil.model.BagPrediction;
import io.gmil.model.Cells;
import io.gmil.model.GmilFit;
import io.gmil.model.LabelScale;
import io.gmil.model.ModelSpec;
import io.gmil.model.Normal;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Forecasts by GMIL in one of its forms, learnt from a fold. For one thread. */
final class PosteriorForecasts implements IntFunction<Forecast> {

    private final TrainingFold fold;
    private final ModelSpec spec;
    private final PosteriorSnapshot[][] posteriors;
    private final Predictor predictor;

    private PosteriorForecasts(TrainingFold fold, ModelSpec spec, PosteriorSnapshot[] classes) {
        this.fold = fold;
        this.spec = spec;
        this.posteriors = new PosteriorSnapshot[][] {classes};
        this.predictor = new Predictor(spec, fold.features());
    }

    /** Learns the fold. */
    static PosteriorForecasts fit(TrainingFold fold, ModelSpec spec, GmilFit fit) {
        return new PosteriorForecasts(
                fold,
                spec,
                fit.fit(fold.trainingBags(), List.of(spec), fold.features())
                        .get(0)
                        .exactSnapshots(0, 0));
    }

    @Override
    public Forecast apply(int index) {
        Sample sample = fold.bags().sample(index);
        Cells cells = fold.bags().cells(index);
        BagPrediction[] classes = predictor.predict(cells, fold.fixedEffects(index), posteriors, null)[0];
        LabelScale scale = fold.labelScale();
        double[] mean = Arrays.stream(classes)
                .mapToDouble(each -> scale.unscaled(each.probability()))
                .toArray();
        double sd = spec.likelihood() instanceof Normal
                ? scale.sd()
                        * Math.sqrt(square(classes[0].etaSd())
                                + posteriors[0][0].variances().noise())
                : Double.NaN;
        if (EvaluatedOutcome.trueEffects(sample).length != classes.length) {
            return Forecast.withoutEffects(classes[0].etaMean(), mean, sd);
        }
        // With the intercept, which takes up the constant that the bag effects of a fit have in common.
        BagPrediction[] effects = predictor.predict(cells, fold.intercept(), posteriors, null)[0];
        return new Forecast(
                classes[0].etaMean(),
                mean,
                sd,
                Arrays.stream(effects)
                        .mapToDouble(each -> scale.unscaled(each.etaMean()))
                        .toArray(),
                IntStream.range(0, effects.length)
                        .mapToDouble(c -> scale.sd() * effectSd(effects[c], posteriors[0][c]))
                        .toArray());
    }

    /** Without the variance of an unknown group, which the predictor adds and which is no part of the bag effect. */
    private double effectSd(BagPrediction effect, PosteriorSnapshot posterior) {
        boolean grouped = spec.linear() > spec.fixedEffects();
        return grouped
                ? Math.sqrt(Math.max(
                        0, square(effect.etaSd()) - posterior.variances().intercept()))
                : effect.etaSd();
    }

    private static double square(double value) {
        return value * value;
    }
}
