package io.gmil.cli;

import io.gmil.cli.offline.OfflinePrediction;
import io.gmil.cohort.CohortOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The files that {@code gmil predict} writes. */
final class PredictionFiles {

    private static final int CELLS = 10;

    @Option(names = "--out", required = true, paramLabel = "FILE.csv", description = "Predictions.")
    private Path out;

    @Option(names = "--attention", paramLabel = "FILE.csv", description = "Cells with the largest weights.")
    private Path attention;

    @Option(
            names = "--top-k",
            converter = TopK.Converter.class,
            paramLabel = "N|all",
            description = "Cells of each sample in the file of --attention (default: " + CELLS + ").")
    private TopK topK;

    @Option(
            names = "--attention-summary",
            paramLabel = "FILE.csv",
            description = "How attention is spread over the cells of each sample: entropy, effective number of cells, "
                    + "quantiles of the weights.")
    private Path attentionSummary;

    @Option(
            names = "--cell-types",
            paramLabel = "FILE.csv",
            description = "For each type of --cell-type its share of the cells, of attention and of the bag effect.")
    private Path cellTypes;

    @Option(names = "--overwrite", description = "Replaces files that exist.")
    private boolean overwrite;

    /**
     * Refuses what does not go together, or cannot or must not be written.
     *
     * @param cohort that is read
     * @param model directory that is read
     */
    void require(CohortOptions cohort, Path model) throws IOException {
        if (topK != null && attention == null) {
            throw new UsageException("--top-k needs --attention FILE.csv");
        }
        if (cellTypes != null && cohort.cellType().isEmpty()) {
            throw new UsageException("--cell-types FILE.csv needs --cell-type COLUMN, the column of the cells' types");
        }
        if (cellTypes == null && cohort.cellType().isPresent()) {
            throw new UsageException(
                    "--cell-type COLUMN needs --cell-types FILE.csv, the only file that tells of types");
        }
        Map<Path, String> taken = new HashMap<>();
        for (Map.Entry<String, Path> each : named().entrySet()) {
            String option = each.getKey();
            Path file = each.getValue();
            OutputFiles.requireOutside(option, file, model);
            OutputFiles.requireWritable(option, file, overwrite);
            OutputFiles.requireNotRead(option, file, cohort);
            String other = taken.putIfAbsent(OutputFiles.real(file), option);
            if (other != null) {
                throw new UsageException(other + " and " + option + ": expected two files, got " + file + " twice");
            }
        }
    }

    private Map<String, Path> named() {
        Map<String, Path> named = new LinkedHashMap<>();
        named.put("--out", out);
        named.put("--attention", attention);
        named.put("--attention-summary", attentionSummary);
        named.put("--cell-types", cellTypes);
        named.values().removeIf(file -> file == null);
        return named;
    }

    OfflinePrediction.Output output() {
        return new OfflinePrediction.Output(
                out,
                Optional.ofNullable(attention),
                topK == null ? CELLS : topK.cells(),
                Optional.ofNullable(attentionSummary),
                Optional.ofNullable(cellTypes));
    }

    /** Their names. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        named().values().forEach(file -> names.add(file.toString()));
        return names;
    }
}
