package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
 * or one of the other likelihoods of {@link SimulatedResponse}: a categorical label has a u for each class c, and
 * y ~ softmax_c(u_c); its classes are named 0, 1, … Bags of a batch g share b_g ~ N(0, V), which is added to the linear
 * predictor, and is not part of u.
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
    private final SimulatedResponse response;
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
        this.response = options.response();
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
        List<SimulatedEffect.Sums> sums = outcomes.stream()
                .flatMap(outcome -> outcome.effects().stream())
                .map(SimulatedEffect::sums)
                .toList();
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
                List.of(Optional.of(new SampleLabel(outcomes.get(0).label(bag), response.trials()))),
                new double[0],
                response.groups() == 0 ? Optional.empty() : Optional.of(groupName(response.group(bag))),
                training,
                hasTrueWeights() ? OptionalDouble.of(effect().of(bag)) : OptionalDouble.empty());
    }

    private static String groupName(int group) {
        return "b" + group;
    }

    /** The only effect of the first outcome. */
    private SimulatedEffect effect() {
        return outcomes.get(0).effects().get(0);
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
    public List<String> classes(int outcome) {
        return hasTrueWeights()
                ? List.of()
                : IntStream.range(0, response.classes())
                        .mapToObj(Integer::toString)
                        .toList();
    }

    @Override
    public List<String> groups() {
        return IntStream.range(0, response.groups())
                .mapToObj(SimulatedCohort::groupName)
                .sorted()
                .toList();
    }

    @Override
    public List<Sample> samples() {
        return samples;
    }

    /** A categorical outcome has weights for each class, which are {@link #furtherColumns()}. */
    @Override
    public boolean hasTrueWeights() {
        return response.likelihood() != Outcome.CATEGORICAL;
    }

    /**
     * {@code label_2}, {@code u_true_2}, {@code w_true_2}, … of the outcomes after the first; {@code u_true_c0},
     * {@code w_true_c0}, … of the classes of a categorical outcome.
     */
    @Override
    public List<CellColumn> furtherColumns() {
        List<CellColumn> columns = new ArrayList<>();
        for (int index = 0; index < outcomes.size(); index++) {
            SimulatedOutcome outcome = outcomes.get(index);
            String number = index == 0 ? "" : "_" + (index + 1);
            if (index > 0) {
                columns.add(new CellColumn(ExportColumns.LABEL + number, (run, r) -> outcome.label(run.sample())));
            }
            if (index > 0 || !hasTrueWeights()) {
                columns.addAll(outcome.truth(number));
            }
        }
        return columns;
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        int width = options.dim();
        RunBuffer run = new RunBuffer(width, false, false, hasTrueWeights(), samples.size());
        for (int bag = 0; bag < samples.size(); bag++) {
            SimulatedBag source = new SimulatedBag(options.seed(), bag, width);
            for (int done = 0; done < sizes[bag]; done += RunBuffer.rows(width)) {
                int rows = Math.min(RunBuffer.rows(width), sizes[bag] - done);
                run.fill(bag, rows);
                source.next(run.values(), rows * width);
                for (int r = 0; hasTrueWeights() && r < rows; r++) {
                    run.trueWeights()[r] = effect().weight(bag, run.values(), r);
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
