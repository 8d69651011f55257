package io.gmil.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code summary.json}; its names are a contract. Null where unknown.
 *
 * @param bags bags predicted
 * @param labelledBags bags learnt
 * @param testBags bags predicted only
 * @param cells cells of all bags
 * @param posteriorVersion version behind the FINAL predictions
 * @param seconds from the first record published to the last FINAL prediction
 * @param prequential of ARRIVAL predictions of bags that were learnt
 * @param test of FINAL predictions of the other bags
 * @param baseline of mean pooling on the same bags as {@code test}
 */
public record Summary(
        int bags,
        int labelledBags,
        int testBags,
        long cells,
        long posteriorVersion,
        double seconds,
        Prequential prequential,
        Figures test,
        Figures baseline) {

    /** Figures of predictions made on arrival, before the bag was learnt. */
    public record Prequential(Double auc, Double logLoss, Double brier) {}

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        byte[] json =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(this);
        Files.write(file, json);
    }
}
