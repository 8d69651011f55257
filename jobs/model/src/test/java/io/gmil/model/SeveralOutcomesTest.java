package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Outcomes of different kinds learnt in one sweep are those learnt alone, and a bag may lack some. */
class SeveralOutcomesTest {
    private static final int WIDTH = 4;
    private static final ModelSpec.Shape SHAPE = new ModelSpec.Shape(WIDTH, 2, 0, 1);

    private final FeatureScaler scaler = Bags.scaler(WIDTH);
    private final List<ModelSpec> specs = List.of(
            ModelSpec.of(new Binomial(3), SHAPE),
            ModelSpec.of(new Categorical(3), SHAPE),
            ModelSpec.of(new Normal(), SHAPE));
    private final List<LabelledBag> bags = bags();

    private static List<LabelledBag> bags() {
        Random random = new Random(8);
        List<LabelledBag> bags = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            LabelledBag bag = Bags.bag(random, 1 + random.nextInt(30), WIDTH);
            int trials = 1 + random.nextInt(5);
            bags.add(new LabelledBag(
                    bag.cells(),
                    bag.fixedEffects(),
                    n % 5 == 0 ? null : new Label(random.nextInt(trials + 1), trials),
                    n % 7 == 0 ? null : Label.of(random.nextInt(3)),
                    Label.of(random.nextGaussian())));
        }
        return bags;
    }

    @Test
    void learntTogetherAsAlone() {
        List<LabelledBag> complete = bags.stream()
                .filter(bag -> Arrays.stream(bag.labels()).noneMatch(Objects::isNull))
                .toList();
        GmilFit linear = new GmilFit(6, 2, 6, 16, true, true, 1, 0);
        List<OutcomePosterior> together = linear.fit(complete, specs, scaler);
        for (int o = 0; o < specs.size(); o++) {
            OutcomePosterior alone = linear.fit(LabelledBag.of(complete, o), List.of(specs.get(o)), scaler)
                    .get(0);
            for (int c = 0; c < alone.posteriors().size(); c++) {
                assertThat(together.get(o).posteriors().get(c).mean)
                        .usingComparatorWithPrecision(1e-8)
                        .containsExactly(alone.posteriors().get(c).mean);
            }
        }
    }

    /** As a fit does, which gives every visit the sites of the last one. */
    @Test
    void sitesInTheArraysOfOthersAreThoseInNewOnes() {
        SiteEngine engine = new SiteEngine(specs, scaler, LinearAlgebra.forCells());
        PosteriorSnapshot[][] q = new PosteriorSnapshot[specs.size()][];
        for (int o = 0; o < q.length; o++) {
            q[o] = new PosteriorSnapshot[specs.get(o).likelihood().components()];
            Arrays.fill(q[o], Bags.posterior(specs.get(o), Phase.SAMPLED, 1, 5));
        }
        Site[][][] expected = engine.sites(bags, q, 9);
        Site[][][] before = engine.sites(bags, q, 4);
        Site[][][] actual = engine.sites(bags, q, 9, before);
        for (int n = 0; n < expected.length; n++) {
            for (int o = 0; o < q.length; o++) {
                for (int c = 0; expected[n][o] != null && c < q[o].length; c++) {
                    assertThat(actual[n][o][c].rows())
                            .isSameAs(before[n][o][c].rows())
                            .isEqualTo(expected[n][o][c].rows());
                    assertThat(actual[n][o][c].shift()).isEqualTo(expected[n][o][c].shift());
                }
            }
        }
    }

    @Test
    void aBagWithoutALabelIsNoneOfItsOutcome() {
        List<OutcomePosterior> fitted = GmilFit.passes(2, 1).fit(bags, specs, scaler);
        assertThat(fitted)
                .extracting(of -> of.posteriors().get(0).labelledBags())
                .containsExactly(48, 51, 60);
    }

    @Test
    void classesAreToldApartBySampledSitesToo() {
        List<OutcomePosterior> fitted = GmilFit.passes(8, 2).fit(bags, specs, scaler);
        PosteriorSnapshot[][] q =
                fitted.stream().map(each -> each.exactSnapshots(0, 1)).toArray(PosteriorSnapshot[][]::new);
        Predictor predictor = new Predictor(specs, scaler);
        LabelledBag bag = bags.get(3);
        BagPrediction[][] all = predictor.predict(bag.cells(), bag.fixedEffects(), q, AttentionRequest.top(2));
        double sum = 0;
        for (BagPrediction of : all[1]) {
            sum += of.probability();
            assertThat(of.probability()).isBetween(of.lower(), of.upper());
            assertThat(of.attention().topWeight()).hasSize(2);
        }
        assertThat(sum).isCloseTo(1, within(1e-12));
        BagPrediction alone = new Predictor(specs.get(2), scaler)
                .predict(bag.cells(), bag.fixedEffects(), q[2][0], AttentionRequest.top(2));
        assertThat(all[2][0].etaMean()).isCloseTo(alone.etaMean(), within(1e-12));
        assertThat(all[2][0].upper()).isCloseTo(alone.etaMean() + 1.6448536 * alone.etaSd(), within(1e-6));
    }

    @Test
    void twoClassesPredictAsOneBinaryOutcomeDoes() {
        Linearisation one = new Linearisation(new double[1], 0.7, 0.8, 0);
        Linearisation two = new Linearisation(new double[1], -0.4, 0.45, 0);
        Linearisation both = new Linearisation(new double[1], 1.1, 1.25, 0);
        List<ModelSpec> specs =
                List.of(ModelSpec.of(new Categorical(2), new ModelSpec.Shape(1, 1, 0, 1)), ModelSpec.binomial(1, 1, 1));
        MeanOutcome[][] means = new MeanOutcomes(specs).of(new Linearisation[][] {{one, two}, {both}});
        MeanOutcome[] classes = means[0];
        MeanOutcome[] binary = means[1];
        assertThat(classes[0].mean()).isCloseTo(binary[0].mean(), within(5e-4));
        assertThat(classes[0].lower()).isCloseTo(binary[0].lower(), within(0.02));
        assertThat(classes[0].upper()).isCloseTo(binary[0].upper(), within(0.02));
    }

    @Test
    void derivativesAreThoseOfTheLogLikelihood() {
        double step = 1e-5;
        Label[] labels = {new Label(2, 3), Label.of(1), Label.of(-0.4)};
        for (int o = 0; o < specs.size(); o++) {
            Likelihood likelihood = specs.get(o).likelihood();
            double[] eta = {0.3, -1.1, 0.8};
            eta = Arrays.copyOf(eta, likelihood.components());
            double[] score = new double[eta.length];
            double[] curvature = new double[eta.length];
            likelihood.derivatives(labels[o], eta, score, curvature);
            for (int c = 0; c < eta.length; c++) {
                double[] above = eta.clone();
                double[] below = eta.clone();
                above[c] += step;
                below[c] -= step;
                double up = likelihood.logLikelihood(labels[o], 1, above);
                double at = likelihood.logLikelihood(labels[o], 1, eta);
                double down = likelihood.logLikelihood(labels[o], 1, below);
                assertThat((up - down) / (2 * step)).isCloseTo(score[c], within(1e-7));
                assertThat(-(up - 2 * at + down) / (step * step)).isCloseTo(curvature[c], within(1e-4));
            }
        }
    }

    @Test
    void impossibleLabelsAreRefusedByName() {
        assertThat(new Binomial(1).refusal(new Label(4, 3))).isEqualTo("0 to 3 successes");
        assertThat(new Categorical(3).refusal(Label.of(3))).isEqualTo("the index of a class, 0 to 2");
        assertThat(new Categorical(3).refusal(Label.of(0.5))).isNotNull();
        assertThat(new Normal().refusal(new Label(1, 2))).isEqualTo("a number without trials");
        assertThat(new Normal().refusal(Label.of(-1e9))).isNull();
    }
}
