package io.gmil.cli.watch;

import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.report.AttentionFigures;
import io.gmil.cohort.Sample;
import io.gmil.schema.AttentionKind;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.ModelOrigin;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What the output topics have said so far. Fed by the readers of the topics, read by the demo; thread-safe. */
public final class RunState {

    private static final Comparator<Posterior> NEWER =
            Comparator.comparingLong(Posterior::getGeneration).thenComparingLong(Posterior::getVersion);

    private final List<Sample> samples;
    private final Ledger ledger;
    private final Rejections rejections;
    private final AttentionCsv attention;
    private final AttentionFigures[] figures;
    private final FinalWeights weights;
    private Posterior posterior;
    private Evaluation evaluation;
    private String commandId;
    private long records;

    /**
     * @param samples of the cohort
     * @param labelsTopic the topic whose dead letters cost a label, not a bag
     * @param attention takes the cells of FINAL predictions
     * @param weights takes the attention weights that are compared with known ones
     */
    public RunState(List<Sample> samples, String labelsTopic, AttentionCsv attention, FinalWeights weights) {
        this.samples = samples;
        this.ledger = new Ledger(samples);
        this.rejections = new Rejections(labelsTopic);
        this.attention = attention;
        this.figures = new AttentionFigures[samples.size()];
        this.weights = weights;
    }

    /** From now on FINAL predictions and attention that answer this command count. */
    public synchronized void expectFinal(String command) {
        commandId = command;
        ledger.expectFinal(command);
    }

    public synchronized void prediction(Prediction prediction) {
        records++;
        ledger.add(prediction);
    }

    public synchronized void attention(AttentionSummary summary) {
        records++;
        boolean asked = commandId != null && commandId.equals(summary.getCommandId());
        if (!asked || summary.getKind() != AttentionKind.FINAL) {
            return;
        }
        ledger.indexOf(summary.getSampleId()).ifPresent(sample -> {
            weights.add(sample, summary);
            // Further parts only list further cells.
            if (summary.getPart() == 0 && figures[sample] == null) {
                figures[sample] = AttentionFigures.of(summary);
            }
            try {
                attention.add(sample, summary);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    public synchronized void posterior(PosteriorMessage message) {
        records++;
        if (message.getBody() instanceof Posterior newer
                && (posterior == null || NEWER.compare(newer, posterior) >= 0)) {
            posterior = newer;
        }
    }

    public synchronized void evaluation(Evaluation newer) {
        records++;
        evaluation = newer;
    }

    public synchronized void deadLetter(DeadLetter letter) {
        records++;
        rejections.add(letter);
    }

    /** Records seen on all topics; a run in which this stands still has stopped. */
    public synchronized long records() {
        return records;
    }

    /** Causes of the first dead letters, each handed out once. */
    public synchronized List<String> takeRejections() {
        return rejections.takeUnprinted();
    }

    public synchronized Snapshot snapshot() {
        return new Snapshot(
                expectedBags(),
                ledger.arrivals(),
                ledger.cells(),
                expectedLabels(),
                learntHere(),
                posterior == null ? 0 : posterior.getVersion(),
                Optional.ofNullable(posterior).map(of -> of.getPhase().name().toLowerCase(Locale.ROOT)),
                posterior == null ? 0 : posterior.getStaleSites(),
                posterior == null ? expectedLabels() == 0 : posterior.getSettled(),
                evaluation == null ? 0 : evaluation.getScored(),
                evaluation == null || evaluation.getAuc() == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(evaluation.getAuc()),
                evaluation == null ? OptionalDouble.empty() : OptionalDouble.of(evaluation.getLogLoss()),
                ledger.finals(),
                attention.finished(),
                rejections.count());
    }

    /** Labelled bags of the posterior without those of the saved model it began with. */
    private int learntHere() {
        if (posterior == null) {
            return 0;
        }
        ModelOrigin origin = posterior.getOrigin();
        return posterior.getLabelledBags() - (origin == null ? 0 : origin.getLabelledBags());
    }

    private int expectedBags() {
        if (rejections.count() == 0) {
            return samples.size();
        }
        return (int) countWhere(sample -> !lost(sample));
    }

    private int expectedLabels() {
        return (int) countWhere(sample -> samples.get(sample).training()
                && samples.get(sample).label().isPresent()
                && !ledger.learntBefore(sample)
                && !rejections.label(samples.get(sample).id())
                && !lost(sample));
    }

    private long countWhere(IntPredicate condition) {
        return IntStream.range(0, samples.size()).filter(condition).count();
    }

    /** A bag with a rejected record is not waited for; it counts when it comes all the same. */
    private boolean lost(int sample) {
        return !ledger.arrived(sample) && rejections.bag(samples.get(sample).id());
    }

    /**
     * How fast bags were predicted on arrival.
     *
     * @param start when the first could be read, in epoch milliseconds
     */
    public synchronized Pace pace(long start) {
        return Pace.of(ledger.arrivalBySample(), start);
    }

    /** ARRIVAL predictions by sample index; null where there is none. */
    public synchronized Prediction[] arrivals() {
        return ledger.arrivalBySample();
    }

    /** FINAL predictions by sample index; null where there is none. */
    public synchronized Prediction[] finals() {
        return ledger.finalBySample();
    }

    /** What is known of the attention of FINAL predictions, by sample index; null where there is none. */
    public synchronized AttentionFigures[] attentionFigures() {
        return figures.clone();
    }

    /** REVISED predictions in the order they were made. */
    public synchronized List<Prediction> revised() {
        return ledger.revised();
    }
}
