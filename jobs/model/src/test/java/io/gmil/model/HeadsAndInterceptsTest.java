package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Several attention heads and random intercepts: they find what there is of them, and change nothing where there is none. */
class HeadsAndInterceptsTest {
    private static final int WIDTH = 5;

    private static ModelSpec normal(int heads, int groups) {
        return ModelSpec.of(new Normal(), new ModelSpec.Shape(WIDTH, 1, groups, heads));
    }

    private static Label noisy(double[] eta, Random random) {
        return Label.of(eta[0] + 0.3 * random.nextGaussian());
    }

    private static OutcomePosterior fit(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler) {
        return GmilFit.passes(20, 1)
                .withStarts(3)
                .fit(bags, List.of(spec), scaler)
                .get(0);
    }

    @Test
    void twoHeadsLearnAnEffectOfTwoKindsOfCells() {
        KnownTruth truth = new KnownTruth(normal(2, 0), 5, 500, 400, 20, 1, HeadsAndInterceptsTest::noisy);
        double[] missed = new double[2];
        double[] bound = new double[2];
        for (int heads = 1; heads <= 2; heads++) {
            ModelSpec spec = normal(heads, 0);
            OutcomePosterior fitted = fit(truth.training, spec, truth.scaler);
            Predictor predictor = new Predictor(spec, truth.scaler);
            PosteriorSnapshot q = fitted.exactSnapshots(0, 1)[0];
            for (int n = 0; n < truth.test.size(); n++) {
                LabelledBag bag = truth.test.get(n);
                double error =
                        predictor.predict(bag.cells(), bag.fixedEffects(), q).etaMean() - truth.eta[500 + n][0];
                missed[heads - 1] += error * error / truth.test.size();
            }
            bound[heads - 1] = Elbo.of(fitted, truth.training, 0, truth.scaler, 1);
        }
        assertThat(missed[1]).isLessThan(0.5 * missed[0]);
        assertThat(bound[1]).isGreaterThan(bound[0]);
    }

    @Test
    void attentionOfSeveralHeadsSumsToOneAndItsContributionsToTheEffect() {
        ModelSpec spec = normal(3, 0);
        FeatureScaler scaler = Bags.scaler(WIDTH);
        PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 2, 3);
        Cells cells = Cells.of(Bags.cells(new Random(1), 40, WIDTH), 40, WIDTH);
        BagPrediction prediction =
                new Predictor(spec, scaler).predict(cells, new double[] {1}, q, AttentionRequest.top(0));
        BagAttention attention = prediction.attention();
        assertThat(sum(attention.topWeight())).isCloseTo(1, within(1e-12));
        assertThat(sum(attention.topContribution())).isCloseTo(prediction.randomEffect(), within(1e-10));
        assertThat(attention.effectiveCells()).isBetween(1.0, 40.0);
        assertThat(attention.entropy()).isBetween(0.0, Math.log(40));
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void randomInterceptsTakeUpTheShiftsOfGroups() {
        int groups = 8;
        double[] shifts = {-2, 1.5, 0.5, -1, 2, -0.5, 1, -1.5};
        KnownTruth truth = new KnownTruth(normal(1, 0), 6, 400, 1, 20, 1, HeadsAndInterceptsTest::noisy);
        List<LabelledBag> grouped = new ArrayList<>();
        for (int n = 0; n < truth.training.size(); n++) {
            LabelledBag bag = truth.training.get(n);
            double[] f = new double[1 + groups];
            f[0] = 1;
            f[1 + n % groups] = 1;
            grouped.add(new LabelledBag(bag.cells(), f, Label.of(bag.y() + shifts[n % groups])));
        }
        Posterior fitted =
                fit(grouped, normal(1, groups), truth.scaler).posteriors().get(0);
        for (int g = 0; g < groups; g++) {
            assertThat(fitted.mean[1 + g] - fitted.mean[1]).isCloseTo(shifts[g] - shifts[0], within(0.25));
        }
        assertThat(fitted.variances().intercept()).isGreaterThan(0.6);
        assertThat(fitted.variances().noise()).isLessThan(0.2);
    }

    @Test
    void aBagOfANewGroupIsPredictedWithTheSpreadOfThoseKnown() {
        RandomIntercepts batches = new RandomIntercepts(List.of("a", "b"));
        assertThat(batches.append(new double[] {1, 2}, "b")).containsExactly(1, 2, 0, 1);
        assertThat(batches.append(new double[] {1}, "c")).containsExactly(1, 0, 0);
        assertThat(RandomIntercepts.none().append(new double[] {1}, "c")).containsExactly(1);
        ModelSpec spec = normal(1, 2);
        PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 1, 4);
        Cells cells = Cells.of(Bags.cells(new Random(2), 6, WIDTH), 6, WIDTH);
        BagPrediction of =
                new Predictor(spec, Bags.scaler(WIDTH)).predict(cells, batches.append(new double[] {1}, null), q);
        double known = q.variance(of.linearisation().gradient());
        assertThat(of.etaSd() * of.etaSd()).isCloseTo(known + q.variances().intercept(), within(1e-12));
    }

    @Test
    void whereAllBagsAreOfNoGroupTheModelIsThePlainOne() {
        KnownTruth truth = new KnownTruth(normal(1, 0), 7, 80, 1, 10, 1, HeadsAndInterceptsTest::noisy);
        List<LabelledBag> ungrouped = truth.training.stream()
                .map(bag -> new LabelledBag(bag.cells(), new double[] {1, 0, 0}, bag.labels()))
                .toList();
        GmilFit linear = new GmilFit(4, 2, 4, 16, true, true, 1, 3);
        Posterior plain = linear.fit(truth.training, List.of(normal(1, 0)), truth.scaler)
                .get(0)
                .posteriors()
                .get(0);
        Posterior grouped = linear.fit(ungrouped, List.of(normal(1, 2)), truth.scaler)
                .get(0)
                .posteriors()
                .get(0);
        assertThat(grouped.mean[0]).isCloseTo(plain.mean[0], within(1e-9));
        for (int i = 0; i < 2 * WIDTH; i++) {
            assertThat(grouped.mean[3 + i]).isCloseTo(plain.mean[1 + i], within(1e-9));
        }
        assertThat(grouped.mean[1]).isZero();
    }
}
