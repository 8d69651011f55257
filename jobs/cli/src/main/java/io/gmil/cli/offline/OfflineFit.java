package io.gmil.cli.offline;

import io.gmil.cli.report.BagScore;
import io.gmil.cli.report.Figures;
import io.gmil.cli.report.FitTable;
import io.gmil.cli.report.Judge;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Sample;
import io.gmil.model.BagPrediction;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.GmilFit;
import io.gmil.model.LabelledBag;
import io.gmil.model.LeaveOneOut;
import io.gmil.model.LeftOut;
import io.gmil.model.ModelSpec;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.Posterior;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.saved.Fingerprint;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Learns the training samples of a cohort in memory. */
public final class OfflineFit {

    private static final String DEFAULT_OUTCOME = "label";

    private final Cohort cohort;
    private final CohortOptions options;
    private final int passes;
    private final CohortBags bags;
    private final FeatureScaler features;
    private final CovariateScaler covariates;

    private OfflineFit(Cohort cohort, CohortOptions options, int passes, CohortBags bags) {
        this.cohort = cohort;
        this.options = options;
        this.passes = passes;
        this.bags = bags;
        FeatureMoments moments = new FeatureMoments(bags.width());
        for (int i = 0; i < bags.size(); i++) {
            moments.add(bags.values(i), bags.sample(i).cells());
        }
        this.features = FeatureScaler.of(moments);
        this.covariates = CovariateScaler.of(
                bags.samples().stream().map(sample -> sample.covariates()).toList());
    }

    /**
     * Reads the training samples of a cohort.
     *
     * @param options the cohort was opened with
     * @throws CohortException if there is none with a label, they do not fit into memory, or the posterior would not
     */
    public static OfflineFit read(Cohort cohort, CohortOptions options, int passes) throws IOException {
        TrainingSamples training = new TrainingSamples(cohort);
        if (training.samples().isEmpty()) {
            throw new CohortException("expected at least one training sample with a label, got none: "
                    + cohort.description() + " (--label names the column)");
        }
        requireMemory(
                ModelSpec.binomial(1, cohort.width(), cohort.covariates().size() + 1),
                training.samples().size());
        return new OfflineFit(cohort, options, passes, CohortBags.read(training, options.trials()));
    }

    private static void requireMemory(ModelSpec spec, int samples) {
        double needed = Posterior.heap(spec, samples);
        double heap = Runtime.getRuntime().maxMemory();
        if (needed > heap) {
            throw new CohortException(String.format(
                    Locale.ROOT,
                    "the posterior does not fit into memory: expected at most %.1f GB of heap, got %.1f GB for %d"
                            + " parameters; set GMIL_JAVA_OPTS to a larger -Xmx or reduce the embedding",
                    heap / 1e9,
                    needed / 1e9,
                    spec.dimension()));
        }
    }

    /** Samples to be learnt. */
    public int samples() {
        return bags.size();
    }

    /** Their cells. */
    public long cells() {
        return bags.cells();
    }

    /** Fits the model; the same data, passes and seed give the same model but for its time stamp. */
    public SavedModel fit(Instant now) {
        ModelSpec spec = ModelSpec.binomial(options.trials(), bags.width(), covariates.fixedEffects())
                .withSeed(options.seed());
        Posterior posterior = GmilFit.passes(passes, options.seed()).fit(labelled(), spec, features);
        return new SavedModel(file(spec, posterior, now), posterior);
    }

    private List<LabelledBag> labelled() {
        List<LabelledBag> labelled = new ArrayList<>(bags.size());
        for (int i = 0; i < bags.size(); i++) {
            labelled.add(bags.labelled(i, covariates.fixedEffects(bags.sample(i).covariates())));
        }
        return labelled;
    }

    /**
     * What the model would say of the samples it learnt, had it not.
     *
     * @return for each of {@link #learnt}
     */
    public List<LeftOut> leaveOneOut(SavedModel model) {
        OutcomePosterior posterior = new OutcomePosterior(List.of(model.posterior()));
        return LeaveOneOut.of(List.of(posterior), labelled(), features, options.seed()).stream()
                .map(outcomes -> outcomes[0])
                .toList();
    }

    /** The samples to be learnt. */
    public List<Sample> learnt() {
        return bags.samples();
    }

    /** How well the model fits, and predicts samples it has not learnt; those are read as a stream. */
    public FitTable judge(SavedModel model) throws IOException {
        return judge(model, List.of());
    }

    /** @param leftOut of {@link #leaveOneOut}, for a column of their own; empty for none */
    public FitTable judge(SavedModel model, List<LeftOut> leftOut) throws IOException {
        OfflinePredictor predictor = new OfflinePredictor(model);
        Judge judge = new Judge(bags.samples(), options.trials(), i -> null);
        Figures learnt = judge.fitted(i -> score(predictor.predict(bags.sample(i), bags.cells(i), null)));
        Figures without = leftOut.isEmpty()
                ? null
                : judge.fitted(i -> score(leftOut.get(i).predictions().get(0)));
        return new FitTable(learnt, HeldOutScores.figures(cohort, predictor, options.trials()), without);
    }

    private static BagScore score(BagPrediction prediction) {
        return new BagScore(prediction.probability(), prediction.randomEffect());
    }

    private ModelFile file(ModelSpec spec, Posterior posterior, Instant now) {
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
                new ModelFile.Outcome(
                        options.label().orElse(DEFAULT_OUTCOME), name(options.likelihood()), options.trials()),
                new ModelFile.Embedding(options.embedding(), bags.width(), features.mean(), features.sd()),
                covariatesOfFile(),
                new ModelFile.Prior(
                        spec.prior().sigma2Gamma(),
                        spec.prior().sigma2Beta(),
                        spec.prior().hyperStrength(),
                        spec.damping(),
                        spec.draws(),
                        spec.seed(),
                        spec.covariance(),
                        spec.prior().effects()),
                new ModelFile.State(
                        Fingerprint.ofBytes(posterior.toBytes()),
                        posterior.phase(),
                        posterior.labelledBags(),
                        posterior.sigma2Gamma(),
                        posterior.sigma2Beta()),
                new ModelFile.Provenance(
                        CodeVersion.CURRENT,
                        now.toString(),
                        cohort.description(),
                        all.hex(),
                        bags.size(),
                        bags.cells(),
                        options.seed(),
                        passes,
                        given()),
                known);
    }

    /** Adds a learnt sample: its cells by their own fingerprint, its label and covariates. */
    private static void add(Fingerprint all, Sample sample, String ofBag) {
        all.add(ofBag);
        all.add(sample.label().orElseThrow());
        for (double covariate : sample.covariates()) {
            all.add(covariate);
        }
    }

    private static String name(Outcome likelihood) {
        return likelihood.name().toLowerCase(Locale.ROOT);
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
        options.sample().ifPresent(value -> given.put("sample", value));
        if (!options.positive().isEmpty()) {
            given.put("positive", String.join(",", options.positive()));
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
