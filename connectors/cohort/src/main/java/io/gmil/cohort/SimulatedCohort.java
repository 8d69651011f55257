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
 *
 * <p>Further outcomes have their own γ, β and labels on the same cells. Ragged bags have log-normal sizes with the mean asked
 * for and a standard deviation of about half of it.
 */
public final class SimulatedCohort implements Cohort {

    /** Standard deviation of the logarithm of ragged sizes. */
    private static final double SPREAD = 0.5;

    private final SimulationOptions options;
    private final List<SimulatedOutcome> outcomes;
    private final int[] sizes;
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
        this.outcomes = IntStream.range(0, options.outcomes())
                .mapToObj(index -> new SimulatedOutcome(options, index))
                .toList();
        this.sizes = IntStream.range(0, options.bags() + options.testBags())
                .map(bag -> options.ragged() ? raggedSize(bag) : options.cells())
                .toArray();
        IntStream.range(0, sizes.length).parallel().forEach(bag -> {
            noteSums(bag);
            progress.accept(1);
        });
        outcomes.forEach(outcome -> outcome.label(options.vBeta(), options.intercept()));
        this.samples = IntStream.range(0, sizes.length).mapToObj(this::sample).toList();
    }

    private int raggedSize(int bag) {
        long seed = SimulatedBag.mix(SimulatedBag.mix(options.seed() ^ 0x512eL) + bag);
        double logRatio = SPREAD * new SplittableRandom(seed).nextGaussian() - SPREAD * SPREAD / 2;
        double size = Math.rint(options.cells() * Math.exp(logRatio));
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, size));
    }

    private void noteSums(int bag) {
        int width = options.dim();
        int block = Math.min(RunBuffer.rows(width), sizes[bag]);
        float[] cells = new float[block * width];
        SimulatedBag source = new SimulatedBag(options.seed(), bag, width);
        List<SimulatedOutcome.Sums> sums =
                outcomes.stream().map(SimulatedOutcome::sums).toList();
        for (int done = 0; done < sizes[bag]; done += block) {
            int rows = Math.min(block, sizes[bag] - done);
            source.next(cells, rows * width);
            sums.forEach(of -> of.add(cells, rows));
        }
        sums.forEach(of -> of.noteFor(bag));
    }

    private Sample sample(int bag) {
        boolean training = bag < options.bags();
        String id = training
                ? String.format(Locale.ROOT, "train_%05d", bag)
                : String.format(Locale.ROOT, "test_%05d", bag - options.bags());
        return new Sample(
                id,
                id,
                sizes[bag],
                OptionalDouble.of(outcomes.get(0).successes(bag)),
                new double[0],
                training,
                OptionalDouble.of(outcomes.get(0).effect(bag)));
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

    /** {@code label_2}, {@code u_true_2}, {@code w_true_2}, … of the outcomes after the first. */
    @Override
    public List<CellColumn> furtherColumns() {
        List<CellColumn> columns = new ArrayList<>();
        for (int index = 1; index < outcomes.size(); index++) {
            SimulatedOutcome outcome = outcomes.get(index);
            String number = "_" + (index + 1);
            columns.add(new CellColumn(ExportColumns.LABEL + number, (run, r) -> outcome.successes(run.sample())));
            columns.add(new CellColumn(ExportColumns.EFFECT + number, (run, r) -> outcome.effect(run.sample())));
            columns.add(new CellColumn(
                    ExportColumns.WEIGHT + number,
                    (run, r) -> outcome.weight(run.sample(), run.values(), r * options.dim())));
        }
        return columns;
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        int width = options.dim();
        RunBuffer run = new RunBuffer(width, false, false, true, samples.size());
        for (int bag = 0; bag < samples.size(); bag++) {
            SimulatedBag source = new SimulatedBag(options.seed(), bag, width);
            for (int done = 0; done < sizes[bag]; done += RunBuffer.rows(width)) {
                int rows = Math.min(RunBuffer.rows(width), sizes[bag] - done);
                run.fill(bag, rows);
                source.next(run.values(), rows * width);
                for (int r = 0; r < rows; r++) {
                    run.trueWeights()[r] = outcomes.get(0).weight(bag, run.values(), r * width);
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
