package io.gmil.cli.report;

import io.gmil.model.LabelScale;
import io.gmil.stream.saved.ModelFile;

/**
 * How an outcome, or one of its classes, is named and measured in files: a class is {@code OUTCOME=CLASS}, and numbers are in
 * the unit of the label.
 *
 * @param name in the column {@code outcome}
 * @param classIndex of a categorical outcome, -1 for others
 * @param number whether the outcome is a number
 * @param scale of its labels
 */
public record OutcomeUnit(String name, int classIndex, boolean number, LabelScale scale) {

    /** @param clazz index of the class, 0 where there are none */
    public static OutcomeUnit of(ModelFile.Outcome outcome, int clazz) {
        boolean classes = !outcome.classes().isEmpty();
        return new OutcomeUnit(
                classes ? outcome.name() + "=" + outcome.classes().get(clazz) : outcome.name(),
                classes ? clazz : -1,
                outcome.likelihood().equals("normal"),
                new LabelScale(outcome.mean(), outcome.sd()));
    }

    /** The label; of a class whether it was this one. */
    double label(double value) {
        return classIndex < 0 ? value : value == classIndex ? 1 : 0;
    }

    /** A linear predictor, or a bound of what is expected. */
    public double location(double value) {
        return number ? scale.unscaled(value) : value;
    }

    /** A standard deviation, or a difference. */
    public double size(double value) {
        return number ? scale.sd() * value : value;
    }

    /** NaN for a number, which has none. */
    public double probability(double expected) {
        return number ? Double.NaN : expected;
    }
}
