package io.gmil.model;

import static io.gmil.model.ReferenceGolden.transposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Starts equal those of starts.py, which has scipy minimise what the authors' libraries minimise. */
class ReferenceStartTest {
    /** scipy stops where its line search is lost in rounding. */
    private static final double TOLERANCE = 2e-5;

    private static void check(int index, ReferenceLikelihood likelihood) throws IOException {
        JsonNode cohort;
        try (InputStream in = ReferenceStartTest.class.getResourceAsStream("/starts.json")) {
            cohort = new ObjectMapper().readTree(in).get(index);
        }
        JsonNode expected = cohort.get("start");
        ReferenceStart start = ReferenceStart.of(likelihood, ReferenceGolden.bags(cohort));
        assertClose("muZ", start.muZ(), expected);
        assertClose("sdZ", start.sdZ(), expected);
        assertClose("varZ", start.varZ(), expected);
        assertClose("alpha", start.alpha(), expected);
    }

    private static void assertClose(String name, double[] got, JsonNode expected) {
        ReferenceGolden.compare(name, got, expected.get(name), TOLERANCE);
    }

    @Test
    void ofOneTrial() throws IOException {
        check(0, ReferenceLikelihood.binomial(1));
    }

    @Test
    void ofTwoTrialsAndTwoOutputs() throws IOException {
        check(1, ReferenceLikelihood.binomial(2));
    }

    @Test
    void ofTwoClasses() throws IOException {
        check(2, ReferenceLikelihood.categorical());
    }

    @Test
    void ofThreeClasses() throws IOException {
        check(3, ReferenceLikelihood.categorical());
    }

    private static ReferenceBag bag(double label, double... cell) {
        return new ReferenceBag(cell, 1, new double[] {1}, new double[] {label});
    }

    @Test
    void refusesCohortsWithoutAStart() {
        ReferenceLikelihood binomial = ReferenceLikelihood.binomial(1);
        ReferenceLikelihood categorical = ReferenceLikelihood.categorical();
        assertThatThrownBy(() -> ReferenceStart.of(binomial, List.of())).hasMessage("start: expected at least one bag");
        assertThatThrownBy(() -> ReferenceStart.of(binomial, List.of(bag(1, 2, 3), bag(0, 2))))
                .hasMessage("bag: expected cells of width 2 and 1 fixed effects, got 1 and 1");
        assertThatThrownBy(() -> ReferenceStart.of(binomial, List.of(bag(1, 2), bag(0, 2))))
                .hasMessage("start: expected bags whose means differ, got 2 bags without spread");
        assertThatThrownBy(() -> ReferenceStart.of(binomial, List.of(bag(0.5, 2), bag(0, 3))))
                .hasMessage("label: expected a count of 0 to 1, got 0.5");
        assertThatThrownBy(() -> ReferenceStart.of(binomial, List.of(bag(-1, 2), bag(0, 3))))
                .hasMessage("label: expected a count of 0 to 1, got -1.0");
        ReferenceBag two = new ReferenceBag(new double[1], 1, new double[] {1}, new double[] {1, 0});
        assertThatThrownBy(() -> ReferenceStart.of(binomial, List.of(bag(1, 2), two)))
                .hasMessage("labels: expected 1 counts, got 2");
        assertThatThrownBy(() -> ReferenceStart.of(categorical, List.of(bag(0, 2), bag(0, 3))))
                .hasMessage("start: expected bags of every class, at least 2, got [2] bags of classes 0 to 0");
        assertThatThrownBy(() -> ReferenceStart.of(categorical, List.of(bag(0, 2), bag(2, 3))))
                .hasMessage("start: expected bags of every class, at least 2, got [1, 0, 1] bags of classes 0 to 2");
        assertThatThrownBy(() -> ReferenceStart.of(categorical, List.of(bag(0, 2), bag(1, 3))))
                .hasMessage("start: expected at least 5 bags of one class for its folds, got [1, 1]");
        List<ReferenceBag> alike = List.of(bag(0, 0), bag(0, 0), bag(0, 0), bag(0, 0), bag(0, 0), bag(1, 0));
        assertThatThrownBy(() -> ReferenceStart.of(categorical, alike))
                .hasMessage("start: expected bag means that differ, got none in feature 0");
        for (double label : new double[] {-1, 0.5, 1001}) {
            assertThatThrownBy(() -> ReferenceStart.of(categorical, List.of(bag(label, 2))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("label: expected one class index, got [" + label + "]");
        }
    }

    /** σ_γ² = .5 with q(γ) = N(0, .1), and σ_β², μ and sd of β as fitted. */
    @Test
    void parametersOfMeanField() {
        ReferenceStart start = new ReferenceStart(
                new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}, new double[] {9, 16}, new double[] {
                    10, 11, 12, 13, 14, 15
                });
        ReferenceParameters p = start.parameters(true, new Random(1));
        assertThat(p.outputs()).isEqualTo(2);
        assertThat(p.width()).isEqualTo(2);
        assertThat(p.fixedEffects()).isEqualTo(3);
        assertThat(p.alpha()).containsExactly(10, 11, 12, 13, 14, 15);
        assertThat(p.mu()).containsExactly(0, 0, 1, 2, 0, 0, 3, 4);
        assertThat(p.covFactor()).containsOnly(0);
        double[] sd = {Math.sqrt(0.1), Math.sqrt(0.1), 5, 6, Math.sqrt(0.1), Math.sqrt(0.1), 7, 8};
        for (int i = 0; i < sd.length; i++) {
            assertThat(Math.exp(p.covLogdiag()[i] / 2)).isCloseTo(sd[i], within(1e-12));
        }
        assertThat(Math.exp(2 * p.logSigmaU()[1])).isCloseTo(0.5, within(1e-12));
        assertThat(Math.exp(p.logSigmaZ()[0])).isCloseTo(3, within(1e-12));
        assertThat(Math.exp(p.logSigmaZ()[1])).isCloseTo(4, within(1e-12));
    }

    /** W is diagonal but for a jitter of sd 1e-4. */
    @Test
    void parametersOfTheFullPosterior() {
        ReferenceStart start = new ReferenceStart(
                new double[] {1, 2, 3, 4}, new double[] {5, 6, 7, 8}, new double[] {9, 16}, new double[] {10, 11});
        ReferenceParameters p = start.parameters(false, new Random(1));
        double[] diagonal = {Math.sqrt(0.1), Math.sqrt(0.1), 5, 6, Math.sqrt(0.1), Math.sqrt(0.1), 7, 8};
        double squares = 0;
        for (int i = 0; i < p.covFactor().length; i++) {
            int row = i / 4;
            double jitter = p.covFactor()[i] - (i % 4 == row % 4 ? diagonal[row] : 0);
            assertThat(jitter).isNotZero().isCloseTo(0, within(5e-4));
            squares += jitter * jitter;
        }
        assertThat(Math.sqrt(squares / p.covFactor().length)).isCloseTo(1e-4, within(3e-5));
        assertThat(p.covLogdiag()).containsOnly(Math.log(1e-4));
        assertThat(transposed(p.mu(), 2)).containsExactly(0, 0, 0, 0, 1, 3, 2, 4);
    }

    /** The labels dealt in turn give the folds (0, 0), (0, 1) and (0, 1) of the classes by appearance. */
    @Test
    void foldsKeepTheClassesInProportion() {
        assertThat(ReferenceStratifiedFolds.assign(new int[] {1, 1, 1, 1, 0, 0}, 2, 3))
                .containsExactly(0, 0, 1, 2, 1, 2);
        assertThat(ReferenceStratifiedFolds.assign(new int[] {2, 0, 1, 2, 0, 1}, 3, 2))
                .containsExactly(0, 0, 0, 1, 1, 1);
    }
}
