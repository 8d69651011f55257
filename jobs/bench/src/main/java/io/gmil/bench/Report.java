package io.gmil.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;

/** The table for a person: every time with its limit or its peer of the same run. Ratios are of processor times. */
final class Report {
    /** What 12 passes may take, in µs. */
    static final double FIT_LIMIT = 300_000;

    private static final int DRAWS = 8;
    private static final String ROW = "%-34s %10s %10s   %-36s %7s%n";

    private final Map<String, Timing> timings = new LinkedHashMap<>();
    private final StringBuilder table = new StringBuilder();

    Report(Collection<RunResult> results) {
        for (RunResult result : results) {
            String benchmark = result.getParams().getBenchmark();
            List<String> name = new ArrayList<>();
            name.add(benchmark
                    .substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1)
                    .replace("Benchmark", ""));
            result.getParams()
                    .getParamsKeys()
                    .forEach(key -> name.add(result.getParams().getParam(key)));
            timings.put(String.join(" ", name), Timing.of(result));
        }
        derive();
    }

    /** What is a difference or a multiple of what was measured. */
    private void derive() {
        Timing start = timings.get("ReferenceEpochs.fit 0");
        Timing epochs = timings.get("ReferenceEpochs.fit " + ReferenceEpochsBenchmark.EPOCHS);
        if (start != null && epochs != null) {
            timings.put("epoch", epochs.minus(start).times(1.0 / ReferenceEpochsBenchmark.EPOCHS));
        }
        Timing fit = timings.get("OfflineFit.twelvePasses");
        if (fit != null) {
            timings.put("pass", fit.times(1.0 / OfflineFitBenchmark.PASSES));
        }
        for (String bag : List.of("50x30", "1000x50")) {
            Timing alone = timings.get("Predict.plain " + bag);
            if (alone != null) {
                timings.put("bags " + bag, alone.times(PredictBenchmark.BAGS));
            }
        }
        for (String bag : List.of("50x30", "1000x256")) {
            Timing linearised = timings.get("SiteRefresh.linearised " + bag);
            if (linearised != null) {
                timings.put("draws " + bag, linearised.times(DRAWS));
            }
        }
    }

    String table() {
        table.append(String.format(Locale.ROOT, ROW, "", "cpu", "elapsed", "limit, or peer of this run", "ratio"));
        row("fit, 12 passes, 1000 bags 50x30", "OfflineFit.twelvePasses", "limit", new Timing(FIT_LIMIT, FIT_LIMIT));
        row("same for 10 outcomes", "OfflineFit.tenOutcomes", "one outcome", "OfflineFit.twelvePasses");
        row("reference mode, start", "ReferenceEpochs.fit 0", "fit, 12 passes", "OfflineFit.twelvePasses");
        row("reference mode, one epoch", "epoch", "a pass of the fit", "pass");
        for (String bag : List.of("50x30", "1000x50")) {
            row("predict " + bag, "Predict.plain " + bag, "plain loop", "PlainLoop.visit " + bag);
            row("predict " + bag + ", attention", "Predict.attention " + bag, "without", "Predict.plain " + bag);
            row(
                    "predict " + bag + ", 10 outcomes",
                    "Predict.tenOutcomes " + bag,
                    "one outcome",
                    "Predict.plain " + bag);
            row(
                    "predict " + bag + ", 10, attention",
                    "Predict.tenOutcomesAttention " + bag,
                    "one, attention",
                    "Predict.attention " + bag);
        }
        for (String bag : List.of("50x30", "1000x50")) {
            String bags = "predict " + PredictBenchmark.BAGS + " of " + bag;
            row(bags, "Predict.manyBags " + bag, PredictBenchmark.BAGS + " calls for one", "bags " + bag);
            row(bags + ", 10 outcomes", "Predict.manyBagsTenOutcomes " + bag, "one outcome", "Predict.manyBags " + bag);
        }
        for (String bag : List.of("50x30", "1000x256")) {
            row(
                    "site " + bag + ", linearised",
                    "SiteRefresh.linearised " + bag,
                    "plain loop",
                    "PlainLoop.visit " + bag);
            row("site " + bag + ", 8 draws", "SiteRefresh.sampled " + bag, "8 x linearised", "draws " + bag);
        }
        return table.toString();
    }

    private void row(String label, String name, String peer, String peerName) {
        row(label, name, peer, timings.get(peerName));
    }

    private void row(String label, String name, String peer, Timing compared) {
        Timing timing = timings.get(name);
        if (timing == null) {
            return;
        }
        String against = compared == null ? "" : peer + " " + time(compared.cpu());
        String ratio = compared == null ? "" : String.format(Locale.ROOT, "%.2f", timing.cpu() / compared.cpu());
        table.append(
                String.format(Locale.ROOT, ROW, label, time(timing.cpu()), time(timing.elapsed()), against, ratio));
    }

    /** Three digits and a unit. */
    static String time(double micros) {
        if (micros >= 1e6) {
            return String.format(Locale.ROOT, "%.2f s", micros / 1e6);
        }
        return micros >= 1e4
                ? String.format(Locale.ROOT, "%.0f ms", micros / 1e3)
                : String.format(Locale.ROOT, micros >= 100 ? "%.0f us" : "%.1f us", micros);
    }
}
