package io.gmil.cli.offline;

import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.report.AttentionFigures;
import io.gmil.cli.report.AttentionSummaryCsv;
import io.gmil.cli.report.CellTypesCsv;
import io.gmil.cli.report.OutcomeUnit;
import io.gmil.cli.report.PredictionsCsv;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Prediction;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Predicts every sample of a cohort by a saved model and writes what the model says, in the order of the cohort. Cells are
 * read as a {@link BagStream}; predictions are kept until the end. The files appear when all are complete.
 */
public final class OfflinePrediction {

    /** Samples predicted in one call without attention, as it takes less time for many outcomes. */
    private static final int TOGETHER = 64;

    /** Values of cells that wait for such a call, 16 MB, but for those of the last sample. */
    private static final long MOST_WAITING = 1 << 22;

    /**
     * What to write.
     *
     * @param predictions predictions.csv
     * @param attention attention.csv, if asked for
     * @param topK cells of each sample in it, 0 for all
     * @param attentionSummary attention-summary.csv, if asked for
     * @param cellTypes cell-types.csv, if asked for; of a cohort that is read with its cell types
     */
    public record Output(
            Path predictions,
            Optional<Path> attention,
            int topK,
            Optional<Path> attentionSummary,
            Optional<Path> cellTypes) {

        private boolean figures() {
            return attentionSummary.isPresent() || cellTypes.isPresent();
        }
    }

    private final Cohort cohort;
    private final SavedModel model;
    private final OfflinePredictor predictor;

    /** One for each outcome and class. */
    private final List<PredictionRecords> records = new ArrayList<>();

    /** By sample, then outcome and class. */
    private final Prediction[] predictions;

    /** In the same order, where asked for. */
    private final AttentionFigures[] figures;

    private final List<BagStream.Bag> waiting = new ArrayList<>();
    private long waitingValues;

    /**
     * @param without covariates left out, which the cohort does not have then
     * @param now written to the predictions
     */
    public OfflinePrediction(Cohort cohort, SavedModel model, Set<String> without, Instant now) {
        this.cohort = cohort;
        this.model = model;
        this.predictor = new OfflinePredictor(model, without);
        for (int o = 0; o < model.outcomes().size(); o++) {
            int classes = model.outcomes().get(o).posteriors().size();
            for (int c = 0; c < classes; c++) {
                OutcomeUnit unit = OutcomeUnit.of(model.outcomes().get(o), c);
                records.add(new PredictionRecords(model, predictor.posterior(o, c), unit, now));
            }
        }
        this.predictions = new Prediction[cohort.samples().size() * records.size()];
        this.figures = new AttentionFigures[predictions.length];
    }

    /**
     * Reads the cohort once and writes the files.
     *
     * @param progress told how many cells have been read, often
     * @return the predictions, by sample, then outcome and class
     */
    public List<Prediction> run(Output output, LongConsumer progress) throws IOException {
        try (WholeFiles files = new WholeFiles()) {
            if (output.attention().isPresent()) {
                Path spool = WholeFiles.beside(output.attention().get(), ".cells");
                Files.deleteIfExists(spool);
                try (AttentionCsv cells = new AttentionCsv(spool, predictions.length, output.topK())) {
                    BagStream.read(cohort, sample -> true, bag -> explain(bag, output, cells), progress);
                    cells.writeTo(files.part(output.attention().get()));
                }
            } else if (output.figures()) {
                BagStream.read(cohort, sample -> true, bag -> explain(bag, output, null), progress);
            } else {
                BagStream.read(cohort, sample -> true, this::predict, progress);
                predictWaiting();
            }
            write(output, files);
            files.publish();
        }
        return List.of(predictions);
    }

    private void write(Output output, WholeFiles files) throws IOException {
        PredictionsCsv.write(files.part(output.predictions()), List.of(predictions));
        if (output.attentionSummary().isPresent()) {
            AttentionSummaryCsv.write(files.part(output.attentionSummary().get()), List.of(figures));
        }
        if (output.cellTypes().isPresent()) {
            CellTypesCsv.write(files.part(output.cellTypes().get()), List.of(figures), List.of(predictions));
        }
    }

    private Sample sample(BagStream.Bag bag) {
        return cohort.samples().get(bag.sample());
    }

    /** @param cells takes the cells with the largest weights; null where they are not asked for */
    private void explain(BagStream.Bag bag, Output output, AttentionCsv cells) throws IOException {
        // One cell where none is listed: 0 would be all.
        int listed = cells == null ? 1 : output.topK();
        AttentionRequest request = bag.cellTypes() == null
                ? AttentionRequest.top(listed)
                : bag.cellTypes().request(listed);
        List<BagPrediction> each = keep(bag, predictor.predict(sample(bag), bag.cells(), request));
        for (int r = 0; r < each.size(); r++) {
            int place = bag.sample() * records.size() + r;
            AttentionSummary summary =
                    records.get(r).attention(sample(bag), bag, each.get(r).attention());
            if (cells != null) {
                cells.add(place, summary);
            }
            if (output.figures()) {
                figures[place] = AttentionFigures.of(summary);
            }
        }
    }

    /** Without attention, at once or with those that follow. */
    private void predict(BagStream.Bag bag) {
        waiting.add(bag);
        waitingValues += bag.values().length;
        if (waiting.size() == TOGETHER || waitingValues >= MOST_WAITING) {
            predictWaiting();
        }
    }

    private void predictWaiting() {
        List<BagPrediction[][]> all = predictor.predict(
                waiting.stream().map(this::sample).toList(), i -> waiting.get(i).cells());
        for (int i = 0; i < all.size(); i++) {
            keep(waiting.get(i), all.get(i));
        }
        waiting.clear();
        waitingValues = 0;
    }

    /** By outcome and class, one after the other. */
    private List<BagPrediction> keep(BagStream.Bag bag, BagPrediction[][] of) {
        Sample sample = sample(bag);
        boolean learnt = model.learnt(sample.id(), bag.values());
        List<BagPrediction> each = Arrays.stream(of).flatMap(Arrays::stream).toList();
        for (int r = 0; r < each.size(); r++) {
            predictions[bag.sample() * records.size() + r] = records.get(r).prediction(sample, each.get(r), learnt);
        }
        return each;
    }
}
