package io.gmil.cli.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContrastTest {

    private static Measured fit(String setting, String model, long seed, double rho) {
        return new Measured(setting, model, seed, 1, Map.of(Figure.RHO, rho));
    }

    /** Differences are of the same cohort, and what one model alone was fitted to is left out. */
    @Test
    void modelsAreComparedOnTheSameOutcomes() {
        List<Measured> fits = List.of(
                fit("a", "one", 1, 0.5),
                fit("a", "two", 2, 0.9),
                fit("a", "two", 1, 0.4),
                fit("a", "one", 2, 0.7),
                fit("a", "one", 3, 0.1),
                fit("b", "one", 1, 0.6));

        List<Contrast.Difference> differences =
                new Contrast(Figure.RHO, "one", "two").over(List.of("a", "b", Measured.ALL), fits);

        assertThat(differences).extracting(Contrast.Difference::setting).containsExactly("a", "all");
        assertThat(differences.get(0).of()).isEqualTo(2);
        assertThat(differences.get(0).higher()).isEqualTo(1);
        assertThat(differences.get(0).difference().mean()).isCloseTo(-0.05, within(1e-12));
    }
}
