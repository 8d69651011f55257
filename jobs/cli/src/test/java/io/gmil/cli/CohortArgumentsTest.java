package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.OutcomeOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class CohortArgumentsTest {

    @Command
    private static final class AnyCommand {
        @Mixin
        private final CohortArguments cohort = new CohortArguments();
    }

    private static Optional<CohortOptions> parse(String... arguments) {
        AnyCommand command = new AnyCommand();
        new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return command.cohort.options(7);
    }

    @Test
    void withoutACohortThereAreNoOptions() {
        assertThat(parse()).isEmpty();
    }

    @Test
    void theDefaultsAreThoseOfTheReaders() {
        assertThat(parse("--cohort", "c.csv"))
                .contains(CohortOptions.of(Path.of("c.csv")).seed(7).build());
    }

    @Test
    void everyOptionHasItsPlace() {
        String line = "--cohort d.h5ad --embedding obsm/X_emb --sample s --label Y --likelihood binomial --trials 2"
                + " --covariates A,B --cell-type t --split split --train train --patient p --labels l.csv"
                + " --true-effect u --true-weight w --random-intercept site";
        assertThat(parse(line.split(" ", -1)))
                .contains(CohortOptions.of(Path.of("d.h5ad"))
                        .embedding("obsm/X_emb")
                        .sample("s")
                        .outcomes(List.of(OutcomeOptions.binomial(Optional.of("Y"), 2)))
                        .covariates(List.of("A", "B"))
                        .group("site")
                        .cellType("t")
                        .split("split")
                        .train("train")
                        .patient("p")
                        .labels(Path.of("l.csv"))
                        .trueEffect("u")
                        .trueWeight("w")
                        .seed(7)
                        .build());
    }

    @Test
    void positiveValuesAndATestFraction() {
        CohortOptions options = parse("--cohort", "c.csv", "--positive", ">60,high", "--test-fraction", "0.2")
                .orElseThrow();

        assertThat(options.positive()).containsExactly(">60", "high");
        assertThat(options.testFraction()).hasValue(0.2);
    }

    private static List<OutcomeOptions> outcomes(String line) {
        return parse(("--cohort c.csv " + line).split(" ", -1)).orElseThrow().outcomes();
    }

    @Test
    void aLabelMayHaveALikelihoodOfItsOwn() {
        assertThat(outcomes("--label status --label grade=categorical --label hba1c=normal --label count=binomial:4"
                        + " --label hits=Binomial:@n=1 --label dead=bernoulli --positive sick"))
                .containsExactly(
                        OutcomeOptions.bernoulli(Optional.of("status"), List.of("sick")),
                        OutcomeOptions.categorical(Optional.of("grade")),
                        OutcomeOptions.normal(Optional.of("hba1c")),
                        OutcomeOptions.binomial(Optional.of("count"), 4),
                        OutcomeOptions.binomial(Optional.of("hits"), "n=1"),
                        OutcomeOptions.bernoulli(Optional.of("dead"), List.of()));
    }

    @Test
    void otherLabelsTakeTheCommonLikelihoodAndMayContainAnEqualsSign() {
        assertThat(outcomes("--label a=b --label c=d=normal --label a --likelihood binomial --trials 3"))
                .containsExactly(
                        OutcomeOptions.binomial(Optional.of("a=b"), 3),
                        OutcomeOptions.normal(Optional.of("c=d")),
                        OutcomeOptions.binomial(Optional.of("a"), 3));
        assertThat(outcomes("--likelihood categorical")).containsExactly(OutcomeOptions.categorical(Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --label n=binomial | --label n=binomial: expected binomial:N with at least 1 trial or binomial:@COLUMN
            --label n=binomial:0 | --label n=binomial:0: expected binomial:N
            --label n=binomial:@ | --label n=binomial:@: expected binomial:N
            --label n=binomial:9999999999 | expected binomial:N
            --label y=normal:2 | --label y=normal:2: normal has no trials
            --label y=normal --positive 1 | are for labels without a likelihood of their own: expected one, got y=normal
            --label y=normal --likelihood binomial --trials 2 | expected one, got y=normal
            """)
    void refusesLabelsThatContradictThemselves(String line, String expected) {
        assertThatThrownBy(() -> outcomes(line))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --label a --label b | 2 labels are read but not learnt yet: expected one --label
            --label a=normal | --likelihood normal is read but not learnt yet: expected bernoulli or binomial
            --label a=binomial:@n | binomial:@n is read but not learnt yet: expected binomial:N
            --random-intercept site | --random-intercept is read but not learnt yet: site
            """)
    void whatIsNotLearntYetIsReadButRefused(String line, String expected) {
        CohortOptions options = parse(("--cohort c.csv " + line).split(" ", -1)).orElseThrow();
        assertThatThrownBy(() -> CohortArguments.requireLearnt(options))
                .isInstanceOf(UsageException.class)
                .hasMessage(expected);
    }

    @Test
    void oneBinomialLabelIsLearnt() {
        CohortOptions options =
                parse("--cohort", "c.csv", "--label", "a=binomial:4").orElseThrow();
        assertThat(CohortArguments.requireLearnt(options)).isSameAs(options);
        assertThat(options.trials()).isEqualTo(4);
    }
}
