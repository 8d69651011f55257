package io.gmil.model;

import java.util.List;

/**
 * A bag with its outcomes.
 *
 * @param cells X (I × Q), I ≥ 1
 * @param fixedEffects f (K + R): covariates with the intercept, then 1 for the bag's group and 0 for the others
 * @param labels by outcome; null where one is unknown
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
public record LabelledBag(Cells cells, double[] fixedEffects, Label... labels) {
    /**
     * A bag with one outcome.
     *
     * @param y successes, 0 to trials
     * @param trials n
     */
    public LabelledBag(Cells cells, double[] fixedEffects, double y, int trials) {
        this(cells, fixedEffects, counted(y, trials));
    }

    private static Label counted(double y, int trials) {
        if (trials < 1 || !(y >= 0) || y > trials) {
            throw new IllegalArgumentException("label: expected 0 to " + trials + " (at least 1) successes, got " + y);
        }
        return new Label(y, trials);
    }

    /** The bags that have this outcome, with it alone. */
    static List<LabelledBag> of(List<LabelledBag> bags, int outcome) {
        return bags.stream()
                .filter(bag -> bag.labels[outcome] != null)
                .map(bag -> new LabelledBag(bag.cells, bag.fixedEffects, bag.labels[outcome]))
                .toList();
    }

    /** That of the first outcome. */
    public double y() {
        return labels[0].y();
    }

    /** That of the first outcome. */
    public int trials() {
        return labels[0].trials();
    }
}
