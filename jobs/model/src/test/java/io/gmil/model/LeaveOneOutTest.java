package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against fits that never saw the bag. */
class LeaveOneOutTest {
    private static final int BAGS = 60;
    private static final int REFITTED = 12;
    private static final int WIDTH = 4;

    private static final GmilFit FIT = GmilFit.passes(10, 3).withFixedNoise();

    static Stream<Likelihood> likelihoods() {
        return Stream.of(new Binomial(1), new Binomial(3), new Categorical(3), new Normal());
    }

    private static List<OutcomePosterior> fit(SmallCohort cohort, List<LabelledBag> bags, Likelihood likelihood) {
        return FIT.fit(bags, List.of(cohort.spec(likelihood)), cohort.scaler);
    }

    private static double logLoss(Likelihood likelihood, Label label, List<BagPrediction> predictions, double noise) {
        BagPrediction first = predictions.get(0);
        if (likelihood instanceof Categorical) {
            return -Math.log(predictions.get((int) label.y()).probability());
        }
        if (likelihood instanceof Binomial) {
            double log = label.y() * Math.log(first.probability())
                    + (label.trials() - label.y()) * Math.log1p(-first.probability());
            return -log / label.trials();
        }
        double variance = noise + first.etaSd() * first.etaSd();
        return -likelihood.logLikelihood(label, variance, new double[] {first.etaMean()});
    }

    @ParameterizedTest
    @MethodSource("likelihoods")
    void isCloseToFitsWithoutTheBag(Likelihood likelihood) {
        compared(likelihood, ModelSpec.Covariance.FULL).assertClose();
    }

    /** Of independent components the variance grows by their own precisions. */
    @ParameterizedTest
    @MethodSource("likelihoods")
    void isCloseToMeanFieldFitsWithoutTheBag(Likelihood likelihood) {
        compared(likelihood, ModelSpec.Covariance.MEAN_FIELD).assertClose();
    }

    private static Comparison compared(Likelihood likelihood, ModelSpec.Covariance covariance) {
        SmallCohort cohort = new SmallCohort(7, BAGS, 10, WIDTH, likelihood);
        ModelSpec spec = cohort.spec(likelihood).with(covariance);
        List<OutcomePosterior> all = FIT.fit(cohort.bags, List.of(spec), cohort.scaler);
        List<LeftOut[]> leftOut = LeaveOneOut.of(all, cohort.bags, cohort.scaler, 1);
        Comparison comparison = new Comparison(likelihood, new Predictor(spec, cohort.scaler));
        for (int i = 0; i < REFITTED; i++) {
            List<LabelledBag> others = new ArrayList<>(cohort.bags);
            others.remove(i);
            comparison.add(cohort.bags.get(i), leftOut.get(i)[0], all, FIT.fit(others, List.of(spec), cohort.scaler));
        }
        return comparison;
    }

    private static final class Comparison {
        private final Likelihood likelihood;
        private final Predictor predictor;
        private final List<Double> leftOut = new ArrayList<>();
        private final List<Double> refitted = new ArrayList<>();
        private double difference;
        private double widths;
        private double training;
        private double loss;
        private double refittedLoss;

        Comparison(Likelihood likelihood, Predictor predictor) {
            this.likelihood = likelihood;
            this.predictor = predictor;
        }

        private List<BagPrediction> predict(LabelledBag bag, List<OutcomePosterior> q) {
            PosteriorSnapshot[][] snapshots = {q.get(0).exactSnapshots(0, 0)};
            return List.of(predictor.predict(bag.cells(), bag.fixedEffects(), snapshots, null)[0]);
        }

        void add(LabelledBag bag, LeftOut out, List<OutcomePosterior> all, List<OutcomePosterior> others) {
            List<BagPrediction> fitted = predict(bag, all);
            List<BagPrediction> refit = predict(bag, others);
            for (int c = 0; c < refit.size(); c++) {
                BagPrediction without = out.predictions().get(c);
                leftOut.add(without.etaMean());
                refitted.add(refit.get(c).etaMean());
                difference += Math.abs(without.etaMean() - refit.get(c).etaMean())
                        / refit.get(c).etaSd()
                        / refit.size()
                        / REFITTED;
                widths += without.etaSd() / refit.get(c).etaSd() / refit.size() / REFITTED;
            }
            Label label = bag.labels()[0];
            double noise = all.get(0).posteriors().get(0).variances().noise();
            training += logLoss(likelihood, label, fitted, noise) / REFITTED;
            loss += logLoss(likelihood, label, out.predictions(), noise) / REFITTED;
            refittedLoss += logLoss(likelihood, label, refit, noise) / REFITTED;
        }

        void assertClose() {
            assertThat(correlation(leftOut, refitted)).isGreaterThan(0.98);
            // Fits of two seeds differ by as much.
            assertThat(difference).as("in standard deviations").isLessThan(0.3);
            assertThat(widths)
                    .as("standard deviation against that of fits anew")
                    .isBetween(0.9, 1.1);
            assertThat(refittedLoss - training).isPositive();
            assertThat((loss - training) / (refittedLoss - training)).isBetween(0.6, 1.2);
        }
    }

    private static double correlation(List<Double> a, List<Double> b) {
        double[] first = a.stream().mapToDouble(Double::doubleValue).toArray();
        double[] second = b.stream().mapToDouble(Double::doubleValue).toArray();
        return new PearsonsCorrelation().correlation(first, second);
    }

    /** In mean pooling a Normal outcome is a linear model, of which one step from the prior is the solution. */
    @Test
    void isExactForALinearModel() {
        Normal normal = new Normal();
        SmallCohort cohort = new SmallCohort(5, 12, 6, WIDTH, normal);
        ModelSpec spec = cohort.spec(normal).withDamping(1);
        List<LeftOut[]> leftOut =
                LeaveOneOut.of(List.of(solved(spec, cohort, cohort.bags)), cohort.bags, cohort.scaler, 1);
        Predictor predictor = new Predictor(spec, cohort.scaler);
        double leverage = 0;
        for (int i = 0; i < cohort.bags.size(); i++) {
            LabelledBag bag = cohort.bags.get(i);
            List<LabelledBag> others = new ArrayList<>(cohort.bags);
            others.remove(i);
            PosteriorSnapshot q = solved(spec, cohort, others).exactSnapshots(0, 0)[0];
            BagPrediction expected = predictor.predict(bag.cells(), bag.fixedEffects(), q);
            BagPrediction actual = leftOut.get(i)[0].predictions().get(0);
            assertThat(actual.etaMean()).isCloseTo(expected.etaMean(), within(1e-6));
            assertThat(actual.etaSd()).isCloseTo(expected.etaSd(), within(1e-6));
            assertThat(actual.lower()).isCloseTo(expected.lower(), within(1e-5));
            leverage += leftOut.get(i)[0].leverage();
        }
        assertThat(leverage).as("effective parameters").isBetween(2.0, spec.dimension() - WIDTH + 0.0);
    }

    private static OutcomePosterior solved(ModelSpec spec, SmallCohort cohort, List<LabelledBag> bags) {
        OutcomePosterior q = OutcomePosterior.prior(spec);
        SiteEngine engine = new SiteEngine(spec, cohort.scaler, new EjmlAlgebra());
        for (Site site : engine.sites(bags, q.exactSnapshots(0, 0)[0], 0)) {
            q.posteriors().get(0).added(site);
        }
        q.step();
        return q;
    }

    /** Without its only bag there is the prior. */
    @Test
    void theOnlyBagLeavesThePrior() {
        Binomial binomial = new Binomial(1);
        SmallCohort cohort = new SmallCohort(5, 1, 6, WIDTH, binomial);
        List<LeftOut[]> leftOut = LeaveOneOut.of(fit(cohort, cohort.bags, binomial), cohort.bags, cohort.scaler, 1);
        BagPrediction prediction = leftOut.get(0)[0].predictions().get(0);
        assertThat(prediction.etaMean()).isCloseTo(0, within(2.0));
        assertThat(prediction.etaSd()).isGreaterThan(5);
        assertThat(prediction.probability()).isBetween(0.4, 0.6);
        assertThat(leftOut.get(0)[0].leverage()).isBetween(0.5, 2.0);
    }

    @Test
    void aWrongLabelOfAnExtremeBagHasTheMostInfluence() {
        Binomial binomial = new Binomial(1);
        SmallCohort cohort = new SmallCohort(11, BAGS, 10, WIDTH, binomial);
        Predictor predictor = new Predictor(cohort.spec(binomial), cohort.scaler);
        PosteriorSnapshot q = fit(cohort, cohort.bags, binomial).get(0).exactSnapshots(0, 0)[0];
        int extreme = 0;
        double largest = 0;
        for (int i = 0; i < BAGS; i++) {
            LabelledBag bag = cohort.bags.get(i);
            double eta = predictor.predict(bag.cells(), bag.fixedEffects(), q).etaMean();
            if (eta > largest) {
                extreme = i;
                largest = eta;
            }
        }
        List<LabelledBag> bags = new ArrayList<>(cohort.bags);
        bags.set(
                extreme,
                new LabelledBag(bags.get(extreme).cells(), bags.get(extreme).fixedEffects(), 0, 1));
        List<LeftOut[]> leftOut = LeaveOneOut.of(fit(cohort, bags, binomial), bags, cohort.scaler, 1);
        double own = leftOut.get(extreme)[0].influence();
        assertThat(leftOut.stream().filter(each -> each[0].influence() > own)).hasSizeLessThan(2);
        assertThat(leftOut.get(extreme)[0].predictions().get(0).probability()).isGreaterThan(0.8);
    }

    @Test
    void ofSeveralOutcomesOnlyThoseWithALabelAreLeftOut() {
        Likelihood[] outcomes = {new Binomial(1), new Categorical(3)};
        SmallCohort cohort = new SmallCohort(9, 20, 5, WIDTH, outcomes);
        List<LabelledBag> bags = new ArrayList<>(cohort.bags);
        LabelledBag first = bags.get(0);
        bags.set(0, new LabelledBag(first.cells(), first.fixedEffects(), null, first.labels()[1]));
        List<OutcomePosterior> q =
                FIT.fit(bags, List.of(cohort.spec(outcomes[0]), cohort.spec(outcomes[1])), cohort.scaler);
        List<LeftOut[]> leftOut = LeaveOneOut.of(q, bags, cohort.scaler, 1);
        assertThat(leftOut).hasSize(20);
        assertThat(leftOut.get(0)[0]).isNull();
        assertThat(leftOut.get(0)[1].predictions()).hasSize(3);
        assertThat(leftOut.get(0)[1].predictions().stream()
                        .mapToDouble(BagPrediction::probability)
                        .sum())
                .isCloseTo(1, within(1e-9));
        assertThat(leftOut.get(1)[0].predictions()).hasSize(1);
        assertThat(leftOut.get(1)[0].influence()).isPositive();
    }
}
