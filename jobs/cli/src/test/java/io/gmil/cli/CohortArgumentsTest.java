package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
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
                .contains(new CohortOptions(
                        Path.of("c.csv"),
                        "X",
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Outcome.BERNOULLI,
                        1,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        7));
    }

    @Test
    void everyOptionHasItsPlace() {
        String line = "--cohort d.h5ad --embedding obsm/X_emb --sample s --label Y --likelihood binomial --trials 2"
                + " --covariates A,B --cell-type t --split split --train train --patient p --labels l.csv"
                + " --true-effect u --true-weight w";
        assertThat(parse(line.split(" ", -1)))
                .contains(new CohortOptions(
                        Path.of("d.h5ad"),
                        "obsm/X_emb",
                        Optional.of("s"),
                        Optional.of("Y"),
                        List.of(),
                        Outcome.BINOMIAL,
                        2,
                        List.of("A", "B"),
                        Optional.of("t"),
                        Optional.of("split"),
                        Optional.of("train"),
                        OptionalDouble.empty(),
                        Optional.of("p"),
                        Optional.of(Path.of("l.csv")),
                        Optional.of("u"),
                        Optional.of("w"),
                        7));
    }

    @Test
    void positiveValuesAndATestFraction() {
        CohortOptions options = parse("--cohort", "c.csv", "--positive", ">60,high", "--test-fraction", "0.2")
                .orElseThrow();

        assertThat(options.positive()).containsExactly(">60", "high");
        assertThat(options.testFraction()).hasValue(0.2);
    }
}
