package io.gmil.cli.offline;

import io.gmil.cli.report.FitTable;
import io.gmil.cli.report.OutcomeScores;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import io.gmil.model.BagPrediction;
import io.gmil.model.Binomial;
import io.gmil.model.Categorical;
import io.gmil.model.CovariateScaler;
import io.gmil.model.Elbo;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.FitProgress;
import io.gmil.model.LabelScale;
import io.gmil.model.LabelledBag;
import io.gmil.model.LeaveOneOut;
import io.gmil.model.LeftOut;
import io.gmil.model.ModelSpec;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.ReferencePosterior;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.saved.Fingerprint;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.PosteriorFiles;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Learns the training samples of a cohort in memory. */
public final class OfflineFit {

    /** The best one and the next. */
    private static final int STARTS_AT_A_TIME = 2;

    private final Cohort cohort;
    private final CohortOptions options;
    private final FitOptions how;
    private final CohortBags bags;
    private final FeatureScaler features;
    private final CovariateScaler covariates;
    private final List<LabelScale> scales;

    private OfflineFit(Cohort cohort, CohortOptions options, FitOptions how, CohortBags bags) {
        this.cohort = cohort;
        this.options = options;
        this.how = how;
        this.bags = bags;
        FeatureMoments moments = new FeatureMoments(bags.width());
        for (int i = 0; i < bags.size(); i++) {
            moments.add(bags.values(i), bags.sample(i).cells());
        }
        this.features = FeatureScaler.of(moments);
        this.covariates = CovariateScaler.of(
                bags.samples().stream().map(sample -> sample.covariates()).toList());
        this.scales = bags.labelScales(IntStream.range(0, bags.size()).toArray());
    }

    /**
     * Reads the training samples of a cohort.
     *
     * @param options the cohort was opened with
     * @throws CohortException if there is none with a label, they do not fit into memory, or the posterior would not
     */
    public static OfflineFit read(Cohort cohort, CohortOptions options, FitOptions how) throws IOException {
        TrainingSamples training = new TrainingSamples(cohort);
        if (training.samples().isEmpty()) {
            throw new CohortException("expected at least one training sample with a label, got none: "
                    + cohort.description() + " (--label names the column)");
        }
        CohortBags bags = CohortBags.read(training, options.outcomes());
        OfflineFit fit = new OfflineFit(cohort, options, how, bags);
        FitMemory.require(fit.specs(), bags, how.starts() > 1 ? STARTS_AT_A_TIME : 1);
        if (how.reference() && bags.likelihoods().contains(new Categorical(2))) {
            throw new CohortException("--method reference: expected 3 classes or more, got 2; --positive makes them a"
                    + " Bernoulli label");
        }
        return fit;
    }

    /**
     * Refuses, before any work, a {@link #leaveOneOut} that would end without memory.
     *
     * @throws CohortException if it would
     */
    public void requireMemoryForLeaveOneOut() {
        FitMemory.requireForLeaveOneOut(specs(), bags);
    }

    /** Samples to be learnt. */
    public int samples() {
        return bags.size();
    }

    /** Their cells. */
    public long cells() {
        return bags.cells();
    }

    private List<ModelSpec> specs() {
        return bags.likelihoods().stream()
                .map(likelihood -> how.spec(
                        likelihood,
                        bags.width(),
                        covariates.fixedEffects(),
                        bags.groups().levels().size()))
                .toList();
    }

    /**
     * Fits the model; the same data, options and seed give the same model but for its time stamp and the seconds.
     *
     * @param progress told of every pass
     */
    public SavedModel fit(Instant now, FitProgress progress) {
        List<LabelledBag> labelled = labelled();
        long begin = System.nanoTime();
        Fitted fitted = how.reference() ? reference(labelled, progress) : naturalGradient(labelled, progress);
        double seconds = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) / 1e3;
        return new SavedModel(
                file(fitted, seconds, now, how.reference() ? Map.of() : bounds(fitted.posteriors, labelled)),
                fitted.posteriors);
    }

    private record Fitted(ModelSpec spec, FeatureScaler scaler, List<OutcomePosterior> posteriors) {}

    private Fitted naturalGradient(List<LabelledBag> labelled, FitProgress progress) {
        List<ModelSpec> specs = specs();
        return new Fitted(specs.get(0), features, how.fit().fit(labelled, specs, features, progress));
    }

    /** Of a single count with the bag effects of the authors; they have no place where outcomes share a scaler. */
    private Fitted reference(List<LabelledBag> labelled, FitProgress progress) {
        List<ModelSpec> specs = specs();
        try {
            if (specs.size() == 1 && specs.get(0).likelihood() instanceof Binomial) {
                ReferencePosterior fitted =
                        ReferencePosterior.fit(labelled, specs.get(0), features, how.passes(), progress);
                return new Fitted(
                        fitted.posterior().spec(),
                        fitted.scaler(),
                        List.of(new OutcomePosterior(List.of(fitted.posterior()))));
            }
            return new Fitted(
                    specs.get(0), features, ReferencePosterior.fit(labelled, specs, features, how.passes(), progress));
        } catch (IllegalArgumentException e) {
            throw new CohortException("--method reference: " + e.getMessage(), e);
        }
    }

    /** The authors learn fixed effects as points, of which there is no such bound. */
    private Map<String, Double> bounds(List<OutcomePosterior> posteriors, List<LabelledBag> labelled) {
        Map<String, Double> bounds = new LinkedHashMap<>();
        for (int o = 0; o < posteriors.size(); o++) {
            bounds.put(
                    options.outcomes().get(o).name(),
                    Elbo.ofSites(posteriors.get(o), labelled, o, features, options.seed()));
        }
        return bounds;
    }

    private List<LabelledBag> labelled() {
        List<LabelledBag> labelled = new ArrayList<>(bags.size());
        for (int i = 0; i < bags.size(); i++) {
            double[] f = covariates.fixedEffects(bags.sample(i).covariates());
            labelled.add(bags.labelled(
                    i, bags.groups().append(f, bags.sample(i).group().orElse(null)), scales));
        }
        return labelled;
    }

    /**
     * What the model would say of the samples it learnt, had it not.
     *
     * @return for each of {@link #learnt} and outcome; null where it has no label
     */
    public List<LeftOut[]> leaveOneOut(SavedModel model) {
        return LeaveOneOut.of(model.posteriors(), labelled(), features, options.seed());
    }

    /** The samples to be learnt. */
    public List<Sample> learnt() {
        return bags.samples();
    }

    /**
     * How well the model fits, and predicts samples it has not learnt, which are read as a stream; by outcome.
     *
     * @param leftOut of {@link #leaveOneOut}, for a column of their own; empty for none
     */
    public List<FitTable> judge(SavedModel model, List<LeftOut[]> leftOut) throws IOException {
        OfflinePredictor predictor = new OfflinePredictor(model);
        List<OutcomeScores> learnt = scores(model);
        List<OutcomeScores> without = scores(model);
        List<BagPrediction[][]> all = predictor.predict(bags.samples(), bags::cells);
        for (int i = 0; i < bags.size(); i++) {
            Sample sample = bags.sample(i);
            BagPrediction[][] predictions = all.get(i);
            for (int o = 0; o < predictions.length; o++) {
                OptionalDouble effect = o == 0 ? sample.trueEffect() : OptionalDouble.empty();
                learnt.get(o).add(sample.labels().get(o), List.of(predictions[o]), effect);
                if (!leftOut.isEmpty() && leftOut.get(i)[o] != null) {
                    without.get(o).add(sample.labels().get(o), leftOut.get(i)[o].predictions(), effect);
                }
            }
        }
        List<OutcomeScores> held = HeldOutScores.of(cohort, predictor, scores(model));
        List<FitTable> tables = new ArrayList<>();
        for (int o = 0; o < learnt.size(); o++) {
            String name = model.outcomes().get(o).name();
            tables.add(new FitTable(
                    name,
                    learnt.get(o).figures(),
                    held.get(o).figures(),
                    leftOut.isEmpty() ? null : without.get(o).figures(),
                    model.file().provenance().evidenceLowerBound().get(name)));
        }
        return tables;
    }

    private static List<OutcomeScores> scores(SavedModel model) {
        List<OutcomeScores> scores = new ArrayList<>();
        for (int o = 0; o < model.outcomes().size(); o++) {
            scores.add(new OutcomeScores(
                    model.posteriors().get(o).spec().likelihood(),
                    model.labelScales().get(o)));
        }
        return scores;
    }

    private ModelFile file(Fitted fitted, double seconds, Instant now, Map<String, Double> bounds) {
        FeatureScaler scaler = fitted.scaler;
        Fingerprint all = new Fingerprint();
        Map<String, String> known = new LinkedHashMap<>();
        for (int i = 0; i < bags.size(); i++) {
            String ofBag = Fingerprint.ofBag(bags.sample(i).id(), bags.values(i));
            add(all, bags.sample(i), ofBag);
            known.put(bags.sample(i).id(), ofBag.substring(0, ModelFile.DIGITS));
        }
        return new ModelFile(
                ModelFile.FORMAT,
                ModelFile.VERSION,
                outcomes(fitted.posteriors),
                new ModelFile.Embedding(options.embedding(), bags.width(), scaler.mean(), scaler.sd()),
                covariatesOfFile(),
                new ModelFile.RandomIntercept(
                        options.group().orElse(""), bags.groups().levels()),
                ModelFile.Prior.of(fitted.spec),
                new ModelFile.Provenance(
                        CodeVersion.CURRENT,
                        now.toString(),
                        seconds,
                        cohort.description(),
                        all.hex(),
                        bags.size(),
                        bags.cells(),
                        options.seed(),
                        how.passes(),
                        bounds,
                        given()),
                known);
    }

    private List<ModelFile.Outcome> outcomes(List<OutcomePosterior> posteriors) {
        List<ModelFile.Outcome> list = new ArrayList<>();
        for (int o = 0; o < posteriors.size(); o++) {
            OutcomeOptions outcome = options.outcomes().get(o);
            boolean classes = outcome.likelihood() == Outcome.CATEGORICAL;
            list.add(new ModelFile.Outcome(
                    outcome.name(),
                    outcome.likelihood().name().toLowerCase(Locale.ROOT),
                    outcome.trials(),
                    classes ? cohort.classes(o) : List.of(),
                    scales.get(o).mean(),
                    scales.get(o).sd(),
                    PosteriorFiles.states(o, posteriors.get(o))));
        }
        return list;
    }

    /** Adds a learnt sample: its cells by their own fingerprint, its labels, covariates and group. */
    private static void add(Fingerprint all, Sample sample, String ofBag) {
        all.add(ofBag);
        for (Optional<SampleLabel> label : sample.labels()) {
            all.add(label.map(SampleLabel::value).orElse(Double.NaN));
            all.add(label.map(SampleLabel::trials).orElse(0));
        }
        for (double covariate : sample.covariates()) {
            all.add(covariate);
        }
        sample.group().ifPresent(all::add);
    }

    private List<ModelFile.Covariate> covariatesOfFile() {
        List<ModelFile.Covariate> list = new ArrayList<>();
        Map<String, List<String>> codes = cohort.covariateCodes();
        double[] mean = covariates.mean();
        double[] sd = covariates.sd();
        for (int k = 0; k < mean.length; k++) {
            String name = cohort.covariates().get(k);
            list.add(new ModelFile.Covariate(name, mean[k], sd[k], codes.getOrDefault(name, List.of())));
        }
        return list;
    }

    /** Options that were given, without the directories of files: those do not change what is learnt. */
    private Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        given.put("cohort", options.file().getFileName().toString());
        given.put("method", how.reference() ? "reference" : "natural-gradient");
        given.put("starts", Integer.toString(how.starts()));
        options.sample().ifPresent(value -> given.put("sample", value));
        options.outcomes().stream()
                .filter(outcome -> !outcome.positive().isEmpty())
                .findFirst()
                .ifPresent(outcome -> given.put("positive", String.join(",", outcome.positive())));
        String trials = options.outcomes().stream()
                .filter(outcome -> outcome.trialsColumn().isPresent())
                .map(outcome ->
                        outcome.name() + "=binomial:@" + outcome.trialsColumn().orElseThrow())
                .collect(Collectors.joining(", "));
        if (!trials.isEmpty()) {
            given.put("label", trials);
        }
        options.split().ifPresent(value -> given.put("split", value));
        options.train().ifPresent(value -> given.put("train", value));
        options.testFraction().ifPresent(value -> given.put("test-fraction", Double.toString(value)));
        options.patient().ifPresent(value -> given.put("patient", value));
        options.labels()
                .ifPresent(value -> given.put("labels", value.getFileName().toString()));
        return given;
    }
}
