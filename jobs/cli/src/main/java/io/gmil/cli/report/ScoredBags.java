package io.gmil.cli.report;

import io.gmil.model.Scores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Probabilities beside labels; a bag of n trials counts as y successes and n - y failures. */
final class ScoredBags {

    private final int trials;
    private final List<Double> probabilities = new ArrayList<>();
    private final List<Double> successes = new ArrayList<>();
    private final List<Double> effects = new ArrayList<>();
    private final List<Double> knownEffects = new ArrayList<>();

    ScoredBags(int trials) {
        this.trials = trials;
    }

    void add(double probability, double label) {
        probabilities.add(probability);
        successes.add(label);
    }

    void addEffect(double effect, OptionalDouble known) {
        if (known.isPresent()) {
            effects.add(effect);
            knownEffects.add(known.getAsDouble());
        }
    }

    Double auc() {
        return known(Scores.auc(array(probabilities), array(successes), trials()));
    }

    Double logLoss() {
        return probabilities.isEmpty() ? null : known(Scores.logLoss(array(probabilities), array(successes), trials()));
    }

    Double brier() {
        return probabilities.isEmpty() ? null : known(Scores.brier(array(probabilities), array(successes), trials()));
    }

    Double rhoBag() {
        return effects.size() < 2 ? null : known(Scores.spearman(array(effects), array(knownEffects)));
    }

    private double[] trials() {
        double[] each = new double[probabilities.size()];
        Arrays.fill(each, trials);
        return each;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
