package io.gmil.cli.experiments;

import io.gmil.cohort.SimulationOptions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How large the experiments are.
 *
 * @param quick a tenth of the bags, a fifth of cells and features, few outcomes: shows that everything runs, and nothing else
 * @param seed of cohorts and fits
 * @param outcomes of a cohort, each fitted on its own
 */
public record Scale(boolean quick, long seed, int outcomes) {

    private static final int QUICK_OUTCOMES = 2;

    /** The law of the paper's simulation at another size. */
    public SimulationOptions simulation(int bags, int cells, int width, double vGamma) {
        return simulation(bags, cells, width, vGamma, outcomes(outcomes), seed);
    }

    /** The same with these outcomes and seed. */
    public SimulationOptions simulation(int bags, int cells, int width, double vGamma, int ofOutcomes, long ofSeed) {
        SimulationOptions paper = SimulationOptions.paper(ofSeed);
        return new SimulationOptions(
                bags(bags),
                quick ? 40 : paper.testBags(),
                quick ? cells / 5 : cells,
                quick ? width / 5 : width,
                paper.vBeta(),
                vGamma,
                paper.intercept(),
                ofSeed,
                ofOutcomes,
                false);
    }

    /** The paper's simulation. */
    public SimulationOptions paper() {
        return paper(1000);
    }

    /** The paper's simulation with other training bags. */
    public SimulationOptions paper(int bags) {
        return simulation(bags, 50, 30, 0.8);
    }

    int bags(int full) {
        return quick ? Math.max(20, full / 10) : full;
    }

    int outcomes(int full) {
        return quick ? Math.min(full, QUICK_OUTCOMES) : full;
    }

    /** Seeds of so many cohorts. */
    List<Long> seeds(int full) {
        int count = quick ? QUICK_OUTCOMES : full;
        return LongStream.range(seed, seed + count).boxed().toList();
    }

    /** Passes of a fit over the bags. */
    int passes() {
        return quick ? 6 : 20;
    }

    /** Starts of a fit that tries several. */
    int starts() {
        return quick ? 2 : 10;
    }

    /** The values of a sweep; in a quick run its ends. */
    double[] sweep(double... values) {
        return quick ? new double[] {values[0], values[values.length - 1]} : Arrays.copyOf(values, values.length);
    }
}
