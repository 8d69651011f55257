package io.gmil.cli.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model less another on the same folds, by AUC or, of a number, by R².
 *
 * @param auc the difference over repeats
 * @param r2 the difference over repeats
 * @param positive share of the repeats in which it is positive
 */
public record Comparison(Spread auc, Spread r2, double positive) {

    static Comparison of(List<RepeatFigures> model, List<RepeatFigures> other) {
        double[] auc = differences(
                model.stream().mapToDouble(RepeatFigures::auc).toArray(),
                other.stream().mapToDouble(RepeatFigures::auc).toArray());
        double[] r2 = differences(
                model.stream().mapToDouble(RepeatFigures::r2).toArray(),
                other.stream().mapToDouble(RepeatFigures::r2).toArray());
        // A model has one or the other; NaN is not positive.
        long positive = Arrays.stream(auc).filter(value -> value > 0).count()
                + Arrays.stream(r2).filter(value -> value > 0).count();
        return new Comparison(Spread.of(auc), Spread.of(r2), (double) positive / model.size());
    }

    /** Null unless both were evaluated. */
    static Comparison of(Map<EvaluatedModel, List<RepeatFigures>> figures, EvaluatedModel model, EvaluatedModel other) {
        boolean both = figures.containsKey(model) && figures.containsKey(other);
        return both ? of(figures.get(model), figures.get(other)) : null;
    }

    private static double[] differences(double[] of, double[] less) {
        return IntStream.range(0, of.length).mapToDouble(n -> of[n] - less[n]).toArray();
    }
}
