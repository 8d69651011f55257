package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One outcome of a simulated cohort: a bag effect, or one for each class, and the labels drawn from them. */
final class SimulatedOutcome {

    private final SimulatedResponse response;
    private final SplittableRandom random;
    private final List<SimulatedEffect> effects;
    private final double[][] batchEffects;
    private final double[] labels;

    /** Draws γ and β of each effect; the first outcome (0) is the same whether there are others or not. */
    SimulatedOutcome(SimulationOptions options, int index) {
        this.response = options.response();
        long seed = SimulatedBag.mix(options.seed() ^ 0x5eedL);
        this.random = new SplittableRandom(index == 0 ? seed : SimulatedBag.mix(seed + index));
        this.effects = Stream.generate(() -> new SimulatedEffect(options, random))
                .limit(response.classes())
                .toList();
        // Of their own seed: labels with batch effects of variance 0 are those without batches.
        SplittableRandom ofBatches = new SplittableRandom(SimulatedBag.mix((options.seed() ^ 0xba7cL) + index));
        this.batchEffects = effects.stream()
                .map(effect -> SimulatedEffect.scaled(
                        SimulatedEffect.gaussians(ofBatches, response.groups()), Math.sqrt(response.vGroup())))
                .toArray(double[][]::new);
        this.labels = new double[options.bags() + options.testBags()];
    }

    /** The bag effect, or that of each class. */
    List<SimulatedEffect> effects() {
        return effects;
    }

    /** Scales the raw effects of all bags to mean 0 and this variance, and draws the labels. */
    void label(double variance, double intercept) {
        effects.forEach(effect -> effect.standardise(variance));
        for (int bag = 0; bag < labels.length; bag++) {
            int of = bag;
            double[] predictors = IntStream.range(0, effects.size())
                    .mapToDouble(c -> intercept + effects.get(c).of(of) + batchEffect(c, of))
                    .toArray();
            labels[bag] = draw(predictors);
        }
    }

    private double batchEffect(int effect, int bag) {
        return response.groups() == 0 ? 0 : batchEffects[effect][response.group(bag)];
    }

    private double draw(double[] predictors) {
        if (response.likelihood() == Outcome.NORMAL) {
            return predictors[0] + response.noise() * random.nextGaussian();
        }
        if (response.likelihood() == Outcome.CATEGORICAL) {
            return drawClass(predictors);
        }
        double probability = 1 / (1 + Math.exp(-predictors[0]));
        int successes = 0;
        for (int t = 0; t < response.trials(); t++) {
            successes += random.nextDouble() < probability ? 1 : 0;
        }
        return successes;
    }

    private int drawClass(double[] predictors) {
        double highest = IntStream.range(0, predictors.length)
                .mapToDouble(c -> predictors[c])
                .max()
                .orElseThrow();
        double[] weights = IntStream.range(0, predictors.length)
                .mapToDouble(c -> Math.exp(predictors[c] - highest))
                .toArray();
        double left = random.nextDouble()
                * IntStream.range(0, weights.length)
                        .mapToDouble(c -> weights[c])
                        .sum();
        int drawn = 0;
        while (drawn < weights.length - 1 && left >= weights[drawn]) {
            left -= weights[drawn++];
        }
        return drawn;
    }

    /** Label of a bag. */
    double label(int bag) {
        return labels[bag];
    }

    /** Columns of the effects and their weights; those of a class end in its number. */
    List<CellColumn> truth(String number) {
        boolean classes = response.likelihood() == Outcome.CATEGORICAL;
        return IntStream.range(0, effects.size())
                .mapToObj(c -> effects.get(c).columns(classes ? number + "_c" + c : number))
                .flatMap(List::stream)
                .toList();
    }
}
