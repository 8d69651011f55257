package io.gmil.cli.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorsTest {

    private static boolean shown(Authors.Published figure) {
        ExperimentName name = Arrays.stream(ExperimentName.values())
                .filter(each -> each.toString().equals(figure.experiment()))
                .findFirst()
                .orElseThrow();
        List<Case> cases = name.experiment().cases(new Scale(false, 42, 5));
        boolean setting = figure.setting().equals(Measured.ALL)
                ? name.experiment().alike()
                : cases.stream().anyMatch(each -> each.setting().equals(figure.setting()));
        boolean model = cases.stream()
                .flatMap(each -> each.contenders().stream())
                .anyMatch(contender -> contender.title().equals(figure.model()));
        return setting && model;
    }

    /** A setting or model that is written otherwise would vanish from tables and plots without a word. */
    @Test
    void everyFigureOfTheAuthorsHasItsPlace() {
        assertThat(Authors.read().figures()).hasSizeGreaterThan(30).allMatch(AuthorsTest::shown);
    }

    @Test
    void aFigureIsFoundByItsSetting() {
        Authors authors = Authors.read();

        assertThat(authors.figure(ExperimentName.V_GAMMA, "1.6", "GMIL", Figure.AUC)
                        .mean())
                .isEqualTo(0.965);
        assertThat(authors.figure(ExperimentName.V_GAMMA, "1.7", "GMIL", Figure.AUC))
                .isNull();
        assertThat(authors.figure(ExperimentName.ATTENTION, "all", "mean pooling", Figure.RHO)
                        .sd())
                .isEqualTo(0.022);
        assertThat(authors.source()).contains("mixmil v0.1.2");
    }
}
