package io.gmil.cli.evaluate;

import io.gmil.cohort.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether 90 % intervals hold the bag effects that are known: the effect, or, of classes, whose softmax tells effects up to a
 * constant of the bag only, the difference of every two. Posteriors of classes are independent, so their variances add up.
 */
final class EffectCoverage {

    private final List<Sample> samples;
    private final Forecast[] forecasts;
    private final double trueIntercept;
    private int intervals;
    private int centred;
    private int uncentred;

    private EffectCoverage(List<Sample> samples, Forecast[] forecasts, double trueIntercept) {
        this.samples = samples;
        this.forecasts = forecasts;
        this.trueIntercept = trueIntercept;
    }

    /** Of all folds. */
    static EffectCoverage of(List<Sample> samples, Forecast[] forecasts, List<int[]> folds, EvaluatedOutcome outcome) {
        EffectCoverage coverage =
                new EffectCoverage(samples, forecasts, outcome.trueIntercept().orElse(Double.NaN));
        int effects = Math.max(1, outcome.classes().size());
        for (int[] fold : folds) {
            int[] known = Arrays.stream(fold)
                    .filter(i -> forecasts[i].effects().length == effects)
                    .toArray();
            contrasts(effects).forEach(contrast -> coverage.add(known, contrast));
        }
        return coverage;
    }

    /**
     * Share of the effects in their interval where both are centred on their fold, which forgives an intercept that is wrong;
     * NaN where none is known.
     */
    double centred() {
        return intervals == 0 ? Double.NaN : (double) centred / intervals;
    }

    /** The same of intercept and effect together as they are; NaN where the true intercept is unknown. */
    double uncentred() {
        return intervals == 0 || Double.isNaN(trueIntercept) ? Double.NaN : (double) uncentred / intervals;
    }

    /** Which effect less which other one; -1 for none. */
    private static Stream<int[]> contrasts(int effects) {
        return effects == 1
                ? Stream.of(new int[] {0, -1})
                : IntStream.range(0, effects).boxed().flatMap(c -> IntStream.range(c + 1, effects)
                        .mapToObj(other -> new int[] {c, other}));
    }

    private void add(int[] of, int[] contrast) {
        IntToDoubleFunction error = i -> difference(forecasts[i].effects(), contrast)
                - difference(EvaluatedOutcome.trueEffects(samples.get(i)), contrast);
        double shift = Spread.mean(Arrays.stream(of).mapToDouble(error).toArray());
        // Classes have the same one, which cancels.
        double intercept = contrast[1] < 0 ? trueIntercept : 0;
        for (int i : of) {
            double[] sds = forecasts[i].effectSds();
            double half = Judged.Z95 * Math.hypot(sds[contrast[0]], contrast[1] < 0 ? 0 : sds[contrast[1]]);
            intervals++;
            centred += Math.abs(error.applyAsDouble(i) - shift) <= half ? 1 : 0;
            uncentred += Math.abs(error.applyAsDouble(i) - intercept) <= half ? 1 : 0;
        }
    }

    private static double difference(double[] values, int[] contrast) {
        return values[contrast[0]] - (contrast[1] < 0 ? 0 : values[contrast[1]]);
    }
}
