package io.gmil.cohort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Bags drawn by the law of the paper's simulation (arXiv 2311.02455), training bags first:
 *
 * <pre>
 * x ~ N(0, I/Q)      w = softmax_i(x_i·γ), var(x·γ) = v_γ      u = Σ w_i x_i·β, scaled to mean 0 and variance v_β over bags
 * y ~ Binomial(2, σ(intercept + u))
 * </pre>
 *
 * Unlike the reference, features and logits have their variance by the law and not after standardising what was drawn; with
 * more than a few hundred cells nobody can tell. Only u is standardised as drawn, as its scale has no closed form.
 *
 * <p>Cells are drawn when they are asked for and never stored. All bags have their label; those of test bags are not for
 * training. Known effects and weights are given. Cells have neither ids nor types.
 */
public final class SimulatedCohort implements Cohort {

    private static final int TRIALS = 2;

    private final SimulationOptions options;
    private final double[] gamma;
    private final double[] beta;
    private final double[] logSum;
    private final List<Sample> samples;

    /** Draws every bag once, on all processors, for its effect. */
    public SimulatedCohort(SimulationOptions options) {
        this(options, bags -> {});
    }

    /**
     * Draws every bag once, on all processors, for its effect.
     *
     * @param progress told after each bag, from several threads, how many bags that were (1)
     */
    public SimulatedCohort(SimulationOptions options, IntConsumer progress) {
        this.options = options;
        SplittableRandom random = new SplittableRandom(SimulatedBag.mix(options.seed() ^ 0x5eedL));
        double[] direction = gaussians(random);
        this.gamma = scaled(direction, Math.sqrt(options.vGamma() * options.dim() / squares(direction)));
        double[] effects = gaussians(random);
        this.beta = scaled(effects, Math.sqrt(options.dim() / squares(effects)));
        int bags = options.bags() + options.testBags();
        this.logSum = new double[bags];
        double[] raw = new double[bags];
        IntStream.range(0, bags).parallel().forEach(bag -> {
            raw[bag] = effect(bag);
            progress.accept(1);
        });
        this.samples = label(standardised(raw, options.vBeta()), random);
    }

    private double[] gaussians(SplittableRandom random) {
        return IntStream.range(0, options.dim())
                .mapToDouble(q -> random.nextGaussian())
                .toArray();
    }

    private static double squares(double[] vector) {
        return IntStream.range(0, vector.length)
                .mapToDouble(q -> vector[q] * vector[q])
                .sum();
    }

    private static double[] scaled(double[] vector, double factor) {
        return IntStream.range(0, vector.length)
                .mapToDouble(q -> vector[q] * factor)
                .toArray();
    }

    /** Raw effect Σ w_i x_i·β of a bag; notes log Σ exp(x_i·γ), from which one more pass knows the weights. */
    private double effect(int bag) {
        int width = options.dim();
        int block = Math.min(RunBuffer.rows(width), options.cells());
        float[] cells = new float[block * width];
        SimulatedBag source = new SimulatedBag(options.seed(), bag, width);
        double highest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double weighted = 0;
        for (int done = 0; done < options.cells(); done += block) {
            int rows = Math.min(block, options.cells() - done);
            source.next(cells, rows * width);
            for (int r = 0; r < rows; r++) {
                double logit = dot(cells, r * width, gamma);
                if (logit > highest) {
                    // Sums are kept relative to the highest logit, so that exp cannot overflow.
                    double shrink = Math.exp(highest - logit);
                    sum *= shrink;
                    weighted *= shrink;
                    highest = logit;
                }
                double weight = Math.exp(logit - highest);
                sum += weight;
                weighted += weight * dot(cells, r * width, beta);
            }
        }
        logSum[bag] = highest + Math.log(sum);
        return weighted / sum;
    }

    private static double dot(float[] cells, int at, double[] vector) {
        double sum = 0;
        for (int q = 0; q < vector.length; q++) {
            sum += cells[at + q] * vector[q];
        }
        return sum;
    }

    private static double[] standardised(double[] raw, double variance) {
        double mean = IntStream.range(0, raw.length).mapToDouble(n -> raw[n]).sum() / raw.length;
        double[] centred =
                IntStream.range(0, raw.length).mapToDouble(n -> raw[n] - mean).toArray();
        return scaled(centred, Math.sqrt(variance * raw.length / squares(centred)));
    }

    private List<Sample> label(double[] effects, SplittableRandom random) {
        List<Sample> labelled = new ArrayList<>(effects.length);
        for (int n = 0; n < effects.length; n++) {
            boolean training = n < options.bags();
            String id = training
                    ? String.format(Locale.ROOT, "train_%05d", n)
                    : String.format(Locale.ROOT, "test_%05d", n - options.bags());
            double probability = 1 / (1 + Math.exp(-options.intercept() - effects[n]));
            int successes = 0;
            for (int t = 0; t < TRIALS; t++) {
                successes += random.nextDouble() < probability ? 1 : 0;
            }
            labelled.add(new Sample(
                    id,
                    id,
                    options.cells(),
                    OptionalDouble.of(successes),
                    new double[0],
                    training,
                    OptionalDouble.of(effects[n])));
        }
        return List.copyOf(labelled);
    }

    @Override
    public String description() {
        return "simulated, " + options.bags() + " + " + options.testBags() + " bags of " + options.cells() + " cells, "
                + options.dim() + " features, seed " + options.seed();
    }

    @Override
    public int width() {
        return options.dim();
    }

    @Override
    public List<String> covariates() {
        return List.of();
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public List<Sample> samples() {
        return samples;
    }

    @Override
    public boolean hasTrueWeights() {
        return true;
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        int width = options.dim();
        RunBuffer run = new RunBuffer(width, false, false, true, samples.size());
        for (int bag = 0; bag < samples.size(); bag++) {
            SimulatedBag source = new SimulatedBag(options.seed(), bag, width);
            for (int done = 0; done < options.cells(); done += RunBuffer.rows(width)) {
                int rows = Math.min(RunBuffer.rows(width), options.cells() - done);
                run.fill(bag, rows);
                source.next(run.values(), rows * width);
                for (int r = 0; r < rows; r++) {
                    run.trueWeights()[r] = Math.exp(dot(run.values(), r * width, gamma) - logSum[bag]);
                }
                run.flush(visitor);
            }
        }
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
