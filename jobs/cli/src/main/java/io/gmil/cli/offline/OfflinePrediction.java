package io.gmil.cli.offline;

import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.report.PredictionsCsv;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.schema.Prediction;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Predicts every sample of a cohort by a saved model and writes what the model says, in the order of the cohort. Cells are
 * read as a {@link BagStream}; predictions are kept until the end. The files appear when both are complete.
 */
public final class OfflinePrediction {

    /**
     * What to write.
     *
     * @param predictions predictions.csv
     * @param attention attention.csv, if asked for
     * @param topK cells of each sample in it, 0 for all
     */
    public record Output(Path predictions, Optional<Path> attention, int topK) {}

    private final Cohort cohort;
    private final SavedModel model;
    private final OfflinePredictor predictor;
    private final PredictionRecords records;
    private final Prediction[] predictions;

    /**
     * @param without covariates left out, which the cohort does not have then
     * @param now written to the predictions
     */
    public OfflinePrediction(Cohort cohort, SavedModel model, Set<String> without, Instant now) {
        this.cohort = cohort;
        this.model = model;
        this.predictor = new OfflinePredictor(model, without);
        this.records = new PredictionRecords(model, predictor.posterior(), now);
        this.predictions = new Prediction[cohort.samples().size()];
    }

    /** Reads the cohort once and writes the files; returns how many of the samples the model has learnt. */
    public int run(Output output) throws IOException {
        Path part = beside(output.predictions(), ".part");
        Optional<Path> attentionPart = output.attention().map(file -> beside(file, ".part"));
        try {
            if (output.attention().isPresent()) {
                Path spool = beside(output.attention().get(), ".cells");
                Files.deleteIfExists(spool);
                try (AttentionCsv attention = new AttentionCsv(spool, predictions.length, output.topK())) {
                    AttentionRequest request = AttentionRequest.top(output.topK());
                    BagStream.read(cohort, sample -> true, bag -> {
                        BagPrediction prediction = predict(bag, request);
                        attention.add(bag.sample(), records.attention(sample(bag), bag, prediction.attention()));
                    });
                    attention.writeTo(attentionPart.get());
                }
            } else {
                BagStream.read(cohort, sample -> true, bag -> predict(bag, null));
            }
            PredictionsCsv.write(part, List.of(predictions));
            Files.move(part, output.predictions(), StandardCopyOption.REPLACE_EXISTING);
            if (attentionPart.isPresent()) {
                Files.move(attentionPart.get(), output.attention().get(), StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
            if (attentionPart.isPresent()) {
                Files.deleteIfExists(attentionPart.get());
            }
        }
        return (int)
                Arrays.stream(predictions).filter(Prediction::getInTraining).count();
    }

    /** A file that an interrupted process does not leave behind either. */
    private static Path beside(Path file, String suffix) {
        Path beside = file.resolveSibling(file.getFileName() + suffix);
        beside.toFile().deleteOnExit();
        return beside;
    }

    private Sample sample(BagStream.Bag bag) {
        return cohort.samples().get(bag.sample());
    }

    private BagPrediction predict(BagStream.Bag bag, AttentionRequest request) {
        Sample sample = sample(bag);
        BagPrediction prediction = predictor.predict(sample, bag.cells(), request);
        predictions[bag.sample()] = records.prediction(sample, prediction, model.learnt(sample.id(), bag.values()));
        return prediction;
    }
}
