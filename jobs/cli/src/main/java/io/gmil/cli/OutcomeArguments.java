package io.gmil.cli;

import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.OutcomeOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The labels of a cohort and how each is read. */
final class OutcomeArguments {

    /** A column with a likelihood of its own; other names may contain = too. */
    private static final Pattern TYPED = Pattern.compile(
            "(?<column>.+)=(?<likelihood>bernoulli|categorical|normal|binomial)(?<trials>:.*)?",
            Pattern.CASE_INSENSITIVE);

    /** At most nine digits, which are an int. */
    private static final Pattern TRIALS = Pattern.compile(":(?:(?<number>0*[1-9]\\d{0,8})|@(?<column>.+))");

    @Option(
            names = "--label",
            paramLabel = "COLUMN[=LIKELIHOOD]",
            description = "Column of an outcome (default: label); may be repeated. A likelihood of its own: bernoulli, "
                    + "categorical, normal, binomial:N or binomial:@COLUMN with the trials of each sample.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            split = ",",
            description = "Values of the label that count as 1 (default: the label is numeric).")
    private List<String> positive = new ArrayList<>();

    @Option(
            names = "--likelihood",
            paramLabel = "NAME",
            description =
                    "bernoulli, binomial, categorical or normal (default: bernoulli), of labels without their own.")
    private Outcome likelihood;

    @Option(names = "--trials", paramLabel = "N", description = "Trials of a binomial outcome.")
    private Integer trials;

    /** The outcomes asked for, once there are no problems. */
    List<OutcomeOptions> outcomes() {
        return labels.isEmpty()
                ? List.of(untyped(Optional.empty()))
                : labels.stream().map(this::outcome).toList();
    }

    /** Those whose likelihood was named. */
    List<OutcomeOptions> withLikelihood() {
        return likelihood != null
                ? outcomes()
                : labels.stream()
                        .filter(label -> TYPED.matcher(label).matches())
                        .map(this::outcome)
                        .toList();
    }

    private OutcomeOptions outcome(String label) {
        Matcher typed = TYPED.matcher(label);
        if (!typed.matches()) {
            return untyped(Optional.of(label));
        }
        Optional<String> column = Optional.of(typed.group("column"));
        return switch (Outcome.valueOf(typed.group("likelihood").toUpperCase(Locale.ROOT))) {
            case BERNOULLI -> OutcomeOptions.bernoulli(column, List.of());
            case BINOMIAL -> binomial(column, typed.group("trials"));
            case CATEGORICAL -> OutcomeOptions.categorical(column);
            case NORMAL -> OutcomeOptions.normal(column);
        };
    }

    private static OutcomeOptions binomial(Optional<String> column, String trials) {
        Matcher of = TRIALS.matcher(trials);
        if (!of.matches()) {
            throw new IllegalStateException("trials " + trials + " of a label with problems");
        }
        return of.group("number") == null
                ? OutcomeOptions.binomial(column, of.group("column"))
                : OutcomeOptions.binomial(column, Integer.parseInt(of.group("number")));
    }

    private OutcomeOptions untyped(Optional<String> column) {
        return new OutcomeOptions(
                column,
                likelihood == null ? Outcome.BERNOULLI : likelihood,
                trials == null ? 1 : trials,
                Optional.empty(),
                positive);
    }

    void addProblems(List<String> problems) {
        labels.forEach(label -> addProblem(label, problems));
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
        boolean allTyped = !labels.isEmpty()
                && labels.stream().allMatch(label -> TYPED.matcher(label).matches());
        if (allTyped && (likelihood != null || !positive.isEmpty())) {
            problems.add("--likelihood, --trials and --positive are for labels without a likelihood of their own: "
                    + "expected one, got " + String.join(", ", labels));
        }
    }

    private static void addProblem(String label, List<String> problems) {
        Matcher typed = TYPED.matcher(label);
        if (!typed.matches()) {
            return;
        }
        String trials = typed.group("trials");
        if (!typed.group("likelihood").equalsIgnoreCase("binomial")) {
            if (trials != null) {
                problems.add("--label " + label + ": " + typed.group("likelihood") + " has no trials");
            }
        } else if (trials == null || !TRIALS.matcher(trials).matches()) {
            problems.add("--label " + label + ": expected binomial:N with at least 1 trial or binomial:@COLUMN");
        }
    }

    /** Names of the options that were given. */
    List<String> given() {
        List<String> names = new ArrayList<>();
        if (!labels.isEmpty()) {
            names.add("--label");
        }
        if (!positive.isEmpty()) {
            names.add("--positive");
        }
        if (likelihood != null) {
            names.add("--likelihood");
        }
        if (trials != null) {
            names.add("--trials");
        }
        return names;
    }
}
