package io.gmil.cli.demo;

import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.report.AttentionFigures;
import io.gmil.cli.report.AttentionSummaryCsv;
import io.gmil.cli.report.BagScore;
import io.gmil.cli.report.CellTypesCsv;
import io.gmil.cli.report.ClosingTable;
import io.gmil.cli.report.Figures;
import io.gmil.cli.report.Judge;
import io.gmil.cli.report.PredictionsCsv;
import io.gmil.cli.report.Summary;
import io.gmil.cli.watch.FinalWeights;
import io.gmil.cli.watch.RunState;
import io.gmil.cli.watch.Snapshot;
import io.gmil.cohort.Sample;
import io.gmil.schema.Prediction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** The end of a run: figures, files and the closing table. */
final class Closing {

    private final List<Sample> samples;
    private final DemoSettings settings;
    private final Survey survey;
    private final RunState state;
    private final FinalWeights weights;

    Closing(List<Sample> samples, DemoSettings settings, Survey survey, RunState state, FinalWeights weights) {
        this.samples = samples;
        this.settings = settings;
        this.survey = survey;
        this.state = state;
        this.weights = weights;
    }

    /** Writes the files and returns the closing table. */
    String report(AttentionCsv attention, double seconds, Throughput throughput) throws IOException {
        Summary summary = summary(seconds);
        Path out = settings.out();
        summary.write(out.resolve("summary.json"));
        PredictionsCsv.write(out.resolve("predictions.csv"), predictions());
        attention.writeTo(out.resolve("attention.csv"));
        List<AttentionFigures> figures = Arrays.asList(state.attentionFigures());
        AttentionSummaryCsv.write(out.resolve("attention-summary.csv"), figures);
        boolean types = writeCellTypes(out.resolve("cell-types.csv"), figures);
        return new ClosingTable(summary).text() + "\n" + learntBefore() + throughput.line() + "\n" + "results in " + out
                + ": summary.json, predictions.csv, attention.csv, attention-summary.csv"
                + (types ? ", cell-types.csv" : "") + " (log: gmil.log)";
    }

    /** Returns whether the cohort has any; if not, the file of an earlier run does not stay as if it were of this one. */
    private boolean writeCellTypes(Path file, List<AttentionFigures> figures) throws IOException {
        if (figures.stream().allMatch(of -> of == null || of.byCellType().isEmpty())) {
            Files.deleteIfExists(file);
            return false;
        }
        CellTypesCsv.write(file, figures, Arrays.asList(state.finals()));
        return true;
    }

    private String learntBefore() {
        long before = Arrays.stream(state.arrivals())
                .filter(arrival -> arrival != null && arrival.getInTraining())
                .count();
        return before == 0
                ? ""
                : before + " bags the model had learnt before: predicted, but not learnt again and not judged\n";
    }

    private Summary summary(double seconds) {
        Snapshot now = state.snapshot();
        Prediction[] arrivals = state.arrivals();
        Prediction[] finals = state.finals();
        MeanPooling pooling = MeanPooling.fit(survey, samples, settings.trials(), settings.seed());
        // A saved model that the job began with may have learnt any of the samples: such are no test.
        IntPredicate fresh = sample -> arrivals[sample] == null || !arrivals[sample].getInTraining();
        Judge judge = new Judge(
                samples, settings.trials(), sample -> fresh.test(sample) ? survey.knownWeights(sample) : null);
        Figures baseline = judge.test(sample -> fresh.test(sample) ? pooling.score(sample) : null, pooling::weights);
        return new Summary(
                now.complete(),
                now.labelled(),
                (int) samples.stream().filter(sample -> !sample.training()).count(),
                survey.cells(),
                Arrays.stream(finals)
                        .filter(Objects::nonNull)
                        .mapToLong(Prediction::getPosteriorVersion)
                        .max()
                        .orElse(now.posteriorVersion()),
                seconds,
                judge.prequential(scores(arrivals, fresh)),
                judge.test(scores(finals, fresh), sample -> weights.of(sample).orElse(null)),
                baseline);
    }

    private static IntFunction<BagScore> scores(Prediction[] predictions, IntPredicate fresh) {
        return sample -> {
            Prediction of = predictions[sample];
            return of == null || !fresh.test(sample) ? null : new BagScore(of.getProbability(), of.getRandomEffect());
        };
    }

    private List<Prediction> predictions() {
        List<Prediction> chosen = new ArrayList<>();
        switch (settings.kinds()) {
            case ARRIVAL -> chosen.addAll(Arrays.asList(state.arrivals()));
            case FINAL -> chosen.addAll(Arrays.asList(state.finals()));
            case ALL -> {
                chosen.addAll(Arrays.asList(state.arrivals()));
                chosen.addAll(state.revised());
                chosen.addAll(Arrays.asList(state.finals()));
            }
        }
        chosen.removeIf(Objects::isNull);
        Map<String, Integer> order = new HashMap<>();
        samples.forEach(sample -> order.put(sample.id(), order.size()));
        // A stable sort: within a sample the kinds stay in the order of the run.
        chosen.sort(Comparator.comparing(prediction -> order.get(prediction.getSampleId())));
        return chosen;
    }
}
