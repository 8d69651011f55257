package io.gmil.cli;

import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.OutcomeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of every command that reads a cohort. */
public final class CohortArguments {

    @Option(
            names = "--cohort",
            paramLabel = "FILE",
            description = "Cohort: .h5ad, or tidy .csv(.gz) with one row a cell.")
    private Path cohort;

    @Parameters(index = "0", arity = "0..1", paramLabel = "COHORT", description = "The same as --cohort FILE.")
    private Path positional;

    @Option(
            names = "--embedding",
            paramLabel = "X|obsm/NAME",
            description = "Where the embedding is in an .h5ad (default: X); a CSV has columns f0, f1, ...")
    private String embedding;

    @Option(
            names = "--sample",
            paramLabel = "COLUMN",
            description = "Column that names a cell's sample (default: sample_id; CSV: bag_id).")
    private String sample;

    @Mixin
    private OutcomeArguments outcomes = new OutcomeArguments();

    @Option(
            names = "--covariates",
            paramLabel = "COLUMN",
            split = ",",
            description = "Numeric or two-valued columns that enter as fixed effects.")
    private List<String> covariates = new ArrayList<>();

    @Option(
            names = "--random-intercept",
            paramLabel = "COLUMN",
            description = "Per-sample column whose values share an intercept, such as a site or a sequencing batch.")
    private String group;

    @Option(names = "--cell-type", paramLabel = "COLUMN", description = "Column of cell types.")
    private String cellType;

    @Option(
            names = "--split",
            paramLabel = "COLUMN",
            description = "Column that tells training samples from others, which are predicted only.")
    private String split;

    @Option(names = "--train", paramLabel = "VALUE", description = "Value of --split that marks training samples.")
    private String train;

    @Option(
            names = "--test-fraction",
            paramLabel = "F",
            description = "Instead of --split: share of the patients held out, stratified by label.")
    private Double testFraction;

    @Option(names = "--patient", paramLabel = "COLUMN", description = "Column of the patient (default: the sample).")
    private String patient;

    @Option(
            names = "--labels",
            paramLabel = "FILE.csv",
            description = "One row a sample: labels, covariates, split and truth that are not in the cohort file.")
    private Path labels;

    @Option(
            names = "--true-effect",
            paramLabel = "COLUMN",
            description =
                    "Known bag effects, only for the closing figures; of classes COLUMN_cCLASS, in evaluate only.")
    private String trueEffect;

    @Option(
            names = "--true-weight",
            paramLabel = "COLUMN",
            description = "Known attention weights, only for the closing figures.")
    private String trueWeight;

    /** The cohort asked for; empty where none was named. */
    public Optional<CohortOptions> options(long seed) {
        if (cohort != null && positional != null) {
            throw new UsageException("expected one cohort, got " + positional + " and --cohort " + cohort);
        }
        cohort = cohort == null ? positional : cohort;
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
        return cohort == null ? Optional.empty() : Optional.of(toOptions(seed));
    }

    /**
     * The cohort of a command that splits the samples itself.
     *
     * @param by another name of {@code --patient}, or null
     */
    CohortOptions whole(String by, long seed) {
        List<String> problems = new ArrayList<>();
        if (by != null && patient != null && !by.equals(patient)) {
            problems.add("--by " + by + " and --patient " + patient + " name the same column");
        }
        if (split != null || train != null || testFraction != null) {
            problems.add(
                    "--split, --train and --test-fraction do not go with this command: it takes all labelled samples");
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
        patient = patient == null ? by : patient;
        return required(seed);
    }

    /** The cohort asked for. */
    CohortOptions required(long seed) {
        return options(seed).orElseThrow(() -> new UsageException("expected a cohort: --cohort FILE"));
    }

    /** Refuses what is read but not learnt yet by the command that calls this; it drops the call once it has learnt to. */
    static CohortOptions requireLearnt(CohortOptions options) {
        List<String> problems = new ArrayList<>();
        List<OutcomeOptions> all = options.outcomes();
        if (all.size() > 1) {
            problems.add(all.size() + " labels are read but not learnt yet: expected one --label");
        }
        all.stream()
                .map(OutcomeOptions::likelihood)
                .filter(likelihood -> likelihood == Outcome.CATEGORICAL || likelihood == Outcome.NORMAL)
                .distinct()
                .forEach(likelihood -> problems.add("--likelihood "
                        + likelihood.name().toLowerCase(Locale.ROOT)
                        + " is read but not learnt yet: expected bernoulli or binomial"));
        all.stream()
                .flatMap(outcome -> outcome.trialsColumn().stream())
                .forEach(column ->
                        problems.add("binomial:@" + column + " is read but not learnt yet: expected binomial:N"));
        options.group().ifPresent(column -> problems.add("--random-intercept is read but not learnt yet: " + column));
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
        return options;
    }

    /** Outcomes whose likelihood was named; that of others is a default. */
    List<OutcomeOptions> withLikelihood() {
        return outcomes.withLikelihood();
    }

    /** The embedding, where one was named. */
    Optional<String> embedding() {
        return Optional.ofNullable(embedding);
    }

    private CohortOptions toOptions(long seed) {
        return new CohortOptions(
                cohort,
                embedding == null ? "X" : embedding,
                Optional.ofNullable(sample),
                outcomes.outcomes(),
                covariates,
                Optional.ofNullable(group),
                Optional.ofNullable(cellType),
                Optional.ofNullable(split),
                Optional.ofNullable(train),
                testFraction == null ? OptionalDouble.empty() : OptionalDouble.of(testFraction),
                Optional.ofNullable(patient),
                Optional.ofNullable(labels),
                Optional.ofNullable(trueEffect),
                Optional.ofNullable(trueWeight),
                seed,
                Optional.empty());
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (cohort == null) {
            List<String> orphans = given();
            if (!orphans.isEmpty()) {
                problems.add(
                        String.join(", ", orphans) + (orphans.size() == 1 ? " needs" : " need") + " --cohort FILE");
            }
            return problems;
        }
        outcomes.addProblems(problems);
        addSplitProblems(problems);
        return problems;
    }

    private void addSplitProblems(List<String> problems) {
        if ((split == null) != (train == null)) {
            problems.add("--split COLUMN and --train VALUE go together");
        }
        if (split != null && testFraction != null) {
            problems.add("give either --split or --test-fraction, not both");
        }
        if (testFraction != null && !(testFraction > 0 && testFraction < 1)) {
            problems.add("--test-fraction: expected a number between 0 and 1, got " + testFraction);
        }
    }

    /** Options that only matter where labels are learnt or predictions are judged. */
    List<String> givenForLearning() {
        List<String> names = new ArrayList<>();
        addIf(names, outcomes.given().contains("--positive"), "--positive");
        addIf(names, split != null, "--split");
        addIf(names, train != null, "--train");
        addIf(names, testFraction != null, "--test-fraction");
        addIf(names, trueEffect != null, "--true-effect");
        addIf(names, trueWeight != null, "--true-weight");
        return names;
    }

    private List<String> given() {
        List<String> names = new ArrayList<>();
        addIf(names, embedding != null, "--embedding");
        addIf(names, sample != null, "--sample");
        names.addAll(outcomes.given());
        addIf(names, !covariates.isEmpty(), "--covariates");
        addIf(names, group != null, "--random-intercept");
        addIf(names, cellType != null, "--cell-type");
        addIf(names, split != null, "--split");
        addIf(names, train != null, "--train");
        addIf(names, testFraction != null, "--test-fraction");
        addIf(names, patient != null, "--patient");
        addIf(names, labels != null, "--labels");
        addIf(names, trueEffect != null, "--true-effect");
        addIf(names, trueWeight != null, "--true-weight");
        return names;
    }

    private static void addIf(List<String> names, boolean given, String name) {
        if (given) {
            names.add(name);
        }
    }
}
