package io.gmil.cli;

import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
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

    @Option(names = "--label", paramLabel = "COLUMN", description = "Column of the outcome (default: label).")
    private String label;

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            split = ",",
            description = "Values of the label that count as 1 (default: the label is numeric).")
    private List<String> positive = new ArrayList<>();

    @Option(
            names = "--likelihood",
            paramLabel = "NAME",
            description = "bernoulli, binomial, categorical or normal (default: bernoulli).")
    private Outcome likelihood;

    @Option(names = "--trials", paramLabel = "N", description = "Trials of a binomial outcome.")
    private Integer trials;

    @Option(
            names = "--covariates",
            paramLabel = "COLUMN",
            split = ",",
            description = "Numeric or two-valued columns that enter as fixed effects.")
    private List<String> covariates = new ArrayList<>();

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
            description = "Known bag effects, only for the closing figures.")
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

    /** The embedding, where one was named. */
    Optional<String> embedding() {
        return Optional.ofNullable(embedding);
    }

    private CohortOptions toOptions(long seed) {
        return new CohortOptions(
                cohort,
                embedding == null ? "X" : embedding,
                Optional.ofNullable(sample),
                Optional.ofNullable(label),
                List.copyOf(positive),
                likelihood == null ? Outcome.BERNOULLI : likelihood,
                trials == null ? 1 : trials,
                List.copyOf(covariates),
                Optional.ofNullable(cellType),
                Optional.ofNullable(split),
                Optional.ofNullable(train),
                testFraction == null ? OptionalDouble.empty() : OptionalDouble.of(testFraction),
                Optional.ofNullable(patient),
                Optional.ofNullable(labels),
                Optional.ofNullable(trueEffect),
                Optional.ofNullable(trueWeight),
                seed);
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
        addLikelihoodProblems(problems);
        addSplitProblems(problems);
        return problems;
    }

    private void addLikelihoodProblems(List<String> problems) {
        if (likelihood == Outcome.CATEGORICAL || likelihood == Outcome.NORMAL) {
            problems.add("--likelihood " + likelihood.name().toLowerCase(Locale.ROOT)
                    + " is read but not learnt yet: expected bernoulli or binomial");
        }
        if (likelihood == Outcome.BINOMIAL && trials == null) {
            problems.add("--likelihood binomial needs --trials N");
        }
        if (trials != null && likelihood != Outcome.BINOMIAL) {
            problems.add("--trials needs --likelihood binomial");
        }
        if (trials != null && trials < 1) {
            problems.add("--trials: expected at least 1, got " + trials);
        }
        if (!positive.isEmpty() && likelihood != null && likelihood != Outcome.BERNOULLI) {
            problems.add("--positive needs --likelihood bernoulli");
        }
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
        addIf(names, !positive.isEmpty(), "--positive");
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
        addIf(names, label != null, "--label");
        addIf(names, !positive.isEmpty(), "--positive");
        addIf(names, likelihood != null, "--likelihood");
        addIf(names, trials != null, "--trials");
        addIf(names, !covariates.isEmpty(), "--covariates");
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
