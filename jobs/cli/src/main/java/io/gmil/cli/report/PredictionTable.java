package io.gmil.cli.report;

import io.gmil.schema.Prediction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the predictions of a cohort came to, one line for each outcome or class. */
public final class PredictionTable {

    private PredictionTable() {}

    /** Several lines without a line end at the end, outcomes in the order of their first prediction. */
    public static String of(List<Prediction> predictions) {
        Map<String, List<Prediction>> byOutcome = predictions.stream()
                .collect(Collectors.groupingBy(Prediction::getOutcome, LinkedHashMap::new, Collectors.toList()));
        int width = byOutcome.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(row(width, "", "samples", "in training", "mean", "status", ""));
        byOutcome.forEach((outcome, each) -> lines.add(row(width, outcome, each)));
        return String.join("\n", lines);
    }

    private static String row(int width, String outcome, List<Prediction> of) {
        long learnt = of.stream().filter(Prediction::getInTraining).count();
        // A number has no probability.
        boolean number = of.stream().anyMatch(prediction -> Double.isNaN(prediction.getProbability()));
        double mean = of.stream()
                .mapToDouble(number ? Prediction::getEtaMean : Prediction::getProbability)
                .average()
                .orElse(Double.NaN);
        return row(
                width,
                outcome,
                Integer.toString(of.size()),
                Long.toString(learnt),
                String.format(Locale.ROOT, "%.3f", mean),
                status(of),
                number ? "mean in the unit of the label" : "mean of the probability");
    }

    /** How many are of which status; the number is left out where all are of one. */
    private static String status(List<Prediction> of) {
        Map<String, Long> counts = of.stream()
                .collect(Collectors.groupingBy(
                        prediction -> prediction.getStatus().name(), TreeMap::new, Collectors.counting()));
        return counts.size() == 1
                ? counts.keySet().iterator().next()
                : counts.entrySet().stream()
                        .map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String row(
            int width, String outcome, String samples, String learnt, String mean, String status, String note) {
        String name = outcome + " ".repeat(Math.max(18, width) - outcome.length());
        return String.format(Locale.ROOT, "%s%8s%13s%10s   %-6s   %s", name, samples, learnt, mean, status, note)
                .stripTrailing();
    }
}
