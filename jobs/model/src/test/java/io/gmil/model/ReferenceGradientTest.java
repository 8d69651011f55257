package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Gradients of the loss and of its terms are their derivatives in every parameter, by central differences. */
class ReferenceGradientTest {
    private static final double STEP = 1e-5;
    private static final int WIDTH = 2;
    private static final int EFFECTS = 2;

    private final Random random = new Random(8);

    private double[] numbers(int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    private ReferenceParameters parameters(int outputs, boolean meanField) {
        int rank = meanField ? 1 : 2 * WIDTH;
        int size = outputs * 2 * WIDTH;
        return new ReferenceParameters(
                WIDTH,
                EFFECTS,
                outputs,
                rank,
                numbers(EFFECTS * outputs),
                numbers(outputs),
                numbers(outputs),
                numbers(size),
                meanField ? new double[size] : numbers(size * rank),
                numbers(size));
    }

    private List<ReferenceBag> bags(int labels, int classes) {
        List<ReferenceBag> bags = new ArrayList<>();
        for (int count : new int[] {1, 3, 2, 5}) {
            double[] y = random.ints(labels, 0, classes).asDoubleStream().toArray();
            bags.add(new ReferenceBag(numbers(count * WIDTH), count, numbers(EFFECTS), y));
        }
        return bags;
    }

    private static void check(
            ReferenceParameters at, ReferenceParameters gradient, ToDoubleFunction<ReferenceParameters> value) {
        ReferenceParameters moved = at.copy();
        ReferenceGolden.named(moved).forEach((name, values) -> {
            double[] slopes = ReferenceGolden.named(gradient).get(name);
            for (int i = 0; i < values.length; i++) {
                double before = values[i];
                values[i] = before + STEP;
                double above = value.applyAsDouble(moved);
                values[i] = before - STEP;
                double below = value.applyAsDouble(moved);
                values[i] = before;
                assertThat(slopes[i])
                        .as("%s[%d]", name, i)
                        .isCloseTo((above - below) / (2 * STEP), within(1e-7 * (1 + Math.abs(slopes[i]))));
            }
        });
    }

    private void checkData(ReferenceLikelihood likelihood, int outputs, List<ReferenceBag> bags, boolean meanField) {
        ReferenceParameters at = parameters(outputs, meanField);
        ReferenceNoise noise = ReferenceNoise.standardNormal(at, 3, random);
        ReferenceLogLikelihood data = new ReferenceLogLikelihood(likelihood, at, bags, noise);
        check(at, data.negativeGradient(), p -> -new ReferenceLogLikelihood(likelihood, p, bags, noise).value);
    }

    @Test
    void binomialData() {
        checkData(ReferenceLikelihood.binomial(2), 2, bags(2, 3), false);
        checkData(ReferenceLikelihood.binomial(1), 1, bags(1, 2), false);
    }

    @Test
    void categoricalData() {
        checkData(ReferenceLikelihood.categorical(), 3, bags(1, 3), false);
        checkData(ReferenceLikelihood.categorical(), 1, bags(1, 2), true);
    }

    @Test
    void oneBagHasNoSdToDifferentiate() {
        checkData(ReferenceLikelihood.binomial(2), 2, bags(2, 3).subList(1, 2), false);
    }

    @Test
    void divergence() {
        for (boolean meanField : new boolean[] {true, false}) {
            ReferenceParameters at = parameters(2, meanField);
            check(at, new ReferenceKl(at).gradient, p -> new ReferenceKl(p).sum());
        }
    }

    @Test
    void loss() {
        ReferenceParameters at = parameters(1, false);
        List<ReferenceBag> bags = bags(1, 2);
        ReferenceNoise noise = ReferenceNoise.standardNormal(at, 2, random);
        ReferenceLikelihood likelihood = ReferenceLikelihood.binomial(1);
        ReferenceLoss loss = ReferenceLoss.of(likelihood, at, bags, noise, 0.7);
        check(at, loss.gradient(), p -> ReferenceLoss.of(likelihood, p, bags, noise, 0.7)
                .value());
        double data = new ReferenceLogLikelihood(likelihood, at, bags, noise).value;
        assertThat(loss.logLikelihood()).isEqualTo(data);
        assertThat(loss.klTerm()).isCloseTo(0.7 * new ReferenceKl(at).sum() / 4, within(1e-12));
        assertThat(loss.value()).isEqualTo(loss.klTerm() - data);
    }
}
