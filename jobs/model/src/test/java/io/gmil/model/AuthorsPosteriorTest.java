package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AuthorsPosteriorTest {
    private static final int WIDTH = 4;
    private static final int CELLS = 9;
    private final Random random = new Random(5);
    private final AuthorsParameters parameters = parameters(3);
    private final List<float[]> bags =
            Stream.generate(() -> Bags.cells(random, CELLS, WIDTH)).limit(20).toList();

    /** Full rank R but for the d of each component, K = 2. */
    private AuthorsParameters parameters(int rank) {
        double[] logdiag = noise(2 * WIDTH, 0.1);
        Arrays.setAll(logdiag, i -> logdiag[i] - 3);
        return new AuthorsParameters(
                WIDTH,
                2,
                rank,
                noise(2, 1),
                -0.3,
                0.4,
                noise(2 * WIDTH, 0.5),
                noise(2 * WIDTH * rank, 0.2),
                logdiag,
                AuthorsParameters.independentAlpha(2, WIDTH, 0.01));
    }

    private double[] noise(int count, double sd) {
        return random.doubles(count, -sd, sd).toArray();
    }

    /** The same parameters and bags as the code that follows the authors' has them. */
    private ReferenceModel reference() {
        return ReferenceModel.of(
                new ReferenceParameters(
                        WIDTH,
                        2,
                        1,
                        1,
                        parameters.alpha(),
                        new double[] {parameters.logSigmaU()},
                        new double[] {parameters.logSigmaZ()},
                        parameters.mu(),
                        new double[2 * WIDTH],
                        parameters.covLogdiag()),
                referenceBags());
    }

    private List<ReferenceBag> referenceBags() {
        List<ReferenceBag> list = new ArrayList<>();
        for (float[] bag : bags) {
            double[] values = new double[bag.length];
            Arrays.setAll(values, i -> bag[i]);
            list.add(new ReferenceBag(values, CELLS, new double[] {1, 0.5}, new double[] {0}));
        }
        return list;
    }

    private static Cells cells(float[] bag) {
        return Cells.of(bag, CELLS, WIDTH);
    }

    private AuthorsScale trainingScale() {
        AuthorsScale.Training training = new AuthorsScale.Training(
                parameters, parameters.spec(1, AuthorsScale.none(WIDTH)), FeatureScaler.identity(WIDTH));
        bags.forEach(bag -> training.add(cells(bag)));
        return training.scale();
    }

    private AuthorsPosterior posterior(AuthorsParameters of, AuthorsScale scale) {
        return AuthorsPosterior.of(of, scale, of.spec(1, scale), Phase.SAMPLED, 7);
    }

    private double[] effects(AuthorsScale scale) {
        PosteriorSnapshot q = posterior(parameters, scale).posterior().snapshot(0, 1);
        Predictor predictor = new Predictor(q.spec(), scale.centred(FeatureScaler.identity(WIDTH)));
        return bags.stream()
                .mapToDouble(bag ->
                        predictor.predict(cells(bag), new double[] {1, 0.5}, q).randomEffect())
                .toArray();
    }

    @Test
    void predictsTheAuthorsEffects() {
        ReferenceModel reference = reference();
        double[] expected = reference.effects(referenceBags());
        AuthorsScale ofFile =
                AuthorsScale.of(parameters, reference.mean()[0], reference.sd()[0]);
        AuthorsScale ofBags = trainingScale();

        assertThat(ofBags.sd()).isCloseTo(reference.sd()[0], within(1e-12));
        assertThat(effects(ofBags)).usingComparatorWithPrecision(1e-12).containsExactly(expected);
        assertThat(effects(ofFile)).usingComparatorWithPrecision(1e-12).containsExactly(expected);
        assertThat(posterior(parameters, ofBags).posterior().labelledBags()).isEqualTo(7);
    }

    /** Raw cells x and a model that has seen x' = (x − mean) / (sd √Q). */
    @Test
    void aScalerOfTheFeaturesChangesNothing() {
        double[] expected = effects(trainingScale());
        FeatureScaler seen = new FeatureScaler(new double[] {1, -2, 3, 0}, new double[] {2, 0.5, 1, 7});
        AuthorsScale.Training training =
                new AuthorsScale.Training(parameters, parameters.spec(1, AuthorsScale.none(WIDTH)), seen);
        List<Cells> raw = bags.stream().map(bag -> raw(bag, seen)).toList();
        raw.forEach(training::add);
        AuthorsScale scale = training.scale();
        PosteriorSnapshot q = posterior(parameters, scale).posterior().snapshot(0, 1);
        Predictor predictor = new Predictor(q.spec(), scale.centred(seen));

        double[] effects = raw.stream()
                .mapToDouble(
                        bag -> predictor.predict(bag, new double[] {1, 0.5}, q).randomEffect())
                .toArray();
        assertThat(effects).usingComparatorWithPrecision(1e-5).containsExactly(expected);
    }

    private static Cells raw(float[] seen, FeatureScaler scaler) {
        float[] raw = new float[seen.length];
        for (int i = 0; i < raw.length; i++) {
            int q = i % WIDTH;
            raw[i] = (float) (seen[i] / scaler.inverseScale()[q] + scaler.mean()[q]);
        }
        return cells(raw);
    }

    @Test
    void theCovarianceIsTheirsWithBetaScaled() {
        AuthorsScale scale = new AuthorsScale(new double[WIDTH], 0.25);
        PosteriorSnapshot q = posterior(parameters, scale).posterior().snapshot(0, 1);
        double[] j = noise(2 + 2 * WIDTH, 1);
        double[] whole = new double[j.length];
        for (int i = 0; i < j.length; i++) {
            whole[i] = j[i] / (i < 2 + WIDTH ? 1 : 0.25);
        }
        double expected = 1e-4 * (j[0] * j[0] + j[1] * j[1]);
        for (int r = 0; r < 3; r++) {
            double dot = 0;
            for (int i = 0; i < 2 * WIDTH; i++) {
                dot += parameters.covFactor()[i * 3 + r] * whole[2 + i];
            }
            expected += dot * dot;
        }
        for (int i = 0; i < 2 * WIDTH; i++) {
            expected += Math.exp(parameters.covLogdiag()[i]) * whole[2 + i] * whole[2 + i];
        }
        assertThat(q.variance(j)).isCloseTo(expected, within(1e-13));
    }

    @Test
    void learningOnStartsFromTheImportedMeanAndCovariance() {
        AuthorsPosterior imported = posterior(parameters, AuthorsScale.none(WIDTH));
        Posterior posterior = imported.posterior();
        PosteriorSnapshot before = posterior.snapshot(0, 1);
        double[] j = noise(2 + 2 * WIDTH, 1);

        assertThat(imported.widerThanPrior()).isZero();
        assertThat(posterior.step().refused()).isFalse();
        PosteriorSnapshot after = posterior.snapshot(0, 2);
        assertThat(after.mean()).usingComparatorWithPrecision(1e-9).containsExactly(before.mean());
        assertThat(after.variance(j)).isCloseTo(before.variance(j), within(1e-9));
    }

    @Test
    void whatIsWiderThanThePriorFallsBackToIt() {
        double[] logdiag = parameters.covLogdiag().clone();
        logdiag[1] = 5;
        AuthorsParameters wide = new AuthorsParameters(
                WIDTH,
                2,
                3,
                parameters.alpha(),
                -0.3,
                0.4,
                parameters.mu(),
                parameters.covFactor(),
                logdiag,
                parameters.alphaCovariance());
        AuthorsPosterior imported = posterior(wide, AuthorsScale.none(WIDTH));
        double[] along = new double[2 + 2 * WIDTH];
        along[3] = 1;
        double prior = Math.exp(-0.6);

        assertThat(imported.widerThanPrior()).isEqualTo(1);
        PosteriorSnapshot before = imported.posterior().snapshot(0, 1);
        assertThat(before.variance(along)).isGreaterThan(Math.exp(5));
        imported.posterior().step();
        PosteriorSnapshot after = imported.posterior().snapshot(0, 2);
        assertThat(after.variance(along)).isLessThan(1.001 * prior).isGreaterThan(0.9 * prior);
        assertThat(after.mean()).usingComparatorWithPrecision(1e-9).containsExactly(before.mean());
    }

    @Test
    void aPosteriorComesBackAsItWas() {
        ModelSpec full = ModelSpec.binomial(1, WIDTH, 2);
        for (ModelSpec spec : List.of(full, full.with(ModelSpec.Covariance.MEAN_FIELD))) {
            List<LabelledBag> labelled =
                    Stream.generate(() -> Bags.bag(random, 12, WIDTH)).limit(30).toList();
            Posterior learnt = GmilFit.passes(6, 1).fit(labelled, spec, Bags.scaler(WIDTH));
            AuthorsParameters out = AuthorsPosterior.parameters(learnt);
            Posterior back = AuthorsPosterior.of(out, AuthorsScale.none(WIDTH), spec, learnt.phase(), 30)
                    .posterior();

            assertThat(out.meanField()).isEqualTo(spec.covariance() == ModelSpec.Covariance.MEAN_FIELD);
            assertThat(back.snapshot(0, 1).mean())
                    .containsExactly(learnt.snapshot(0, 1).mean());
            assertThat(back.sigma2Beta()).isCloseTo(learnt.sigma2Beta(), within(1e-12));
            assertThat(back.sigma2Gamma()).isCloseTo(learnt.sigma2Gamma(), within(1e-12));
            for (int i = 0; i < 5; i++) {
                double[] j = noise(spec.dimension(), 1);
                double expected = learnt.snapshot(0, 1).variance(j);
                assertThat(back.snapshot(0, 1).variance(j)).isCloseTo(expected, within(1e-12 * expected));
            }
        }
    }

    @Test
    void thePriorComesBackToo() {
        ModelSpec spec = ModelSpec.binomial(1, WIDTH, 2);
        AuthorsPosterior back = AuthorsPosterior.of(
                AuthorsPosterior.parameters(new Posterior(spec)),
                AuthorsScale.none(WIDTH),
                spec,
                Phase.MEAN_POOLING,
                0);

        assertThat(back.widerThanPrior()).isZero();
        double[] j = noise(spec.dimension(), 1);
        assertThat(back.posterior().snapshot(0, 0).variance(j))
                .isCloseTo(PosteriorSnapshot.prior(spec).variance(j), within(1e-10));
    }

    @Test
    void independentComponentsOfAnyWidthComeBack() {
        ModelSpec spec = ModelSpec.binomial(1, WIDTH, 2).with(ModelSpec.Covariance.MEAN_FIELD);
        Posterior wide = new Posterior(spec, new SiteRows(spec.blocks()));
        AuthorsParameters out = AuthorsPosterior.parameters(wide);
        AuthorsParameters square = AuthorsPosterior.parameters(new Posterior(spec));

        assertThat(wide.factor).isInstanceOf(DiagonalFactor.class);
        assertThat(out.meanField()).isTrue();
        assertThat(out.covLogdiag()).usingComparatorWithPrecision(1e-12).containsExactly(square.covLogdiag());
        assertThat(out.alphaCovariance()).usingComparatorWithPrecision(1e-12).containsExactly(square.alphaCovariance());
        assertThat(AuthorsPosterior.heapOut(List.of(wide))).isLessThan(1e4);
    }

    @Test
    void learningOnAtANoiseStartsFromTheImportedMeanAndCovariance() {
        ModelSpec spec = AuthorsParameters.spec(new Normal(), List.of(parameters), List.of(AuthorsScale.none(WIDTH)));
        Posterior posterior = AuthorsPosterior.of(parameters, AuthorsScale.none(WIDTH), spec, Phase.SAMPLED, 7, 0.3)
                .posterior();
        PosteriorSnapshot before = posterior.snapshot(0, 1);
        double[] j = noise(2 + 2 * WIDTH, 1);

        assertThat(posterior.step().refused()).isFalse();
        PosteriorSnapshot after = posterior.snapshot(0, 2);
        assertThat(posterior.variances().noise()).isEqualTo(0.3);
        assertThat(after.mean()).usingComparatorWithPrecision(1e-9).containsExactly(before.mean());
        assertThat(after.variance(j)).isCloseTo(before.variance(j), within(1e-9));
    }

    /** b mean of each class stays what it was, by the centre where that is near and by the rest where it is not. */
    @Test
    void classesShareACentre() {
        AuthorsParameters other = parameters(3);
        AuthorsParameters opposite = parametersWith(negative(parameters.mu()));
        List<Double> left = new ArrayList<>();
        for (AuthorsParameters second : List.of(other, opposite)) {
            List<AuthorsParameters> classes = List.of(parameters, second);
            List<AuthorsScale> each = List.of(AuthorsScale.of(parameters, 0.2, 0.5), AuthorsScale.of(second, 0.3, 0.7));
            List<AuthorsScale> shared = AuthorsScale.shared(classes, each);
            for (int c = 0; c < 2; c++) {
                double[] z = classes.get(c).instanceEffects();
                double expected = Triangular.dot(each.get(c).centre(), 0, z, 0, WIDTH);
                double got = Triangular.dot(shared.get(c).centre(), 0, z, 0, WIDTH);
                assertThat(got + shared.get(c).rest()).isCloseTo(expected, within(1e-12));
                assertThat(shared.get(c).sd()).isEqualTo(each.get(c).sd());
                assertThat(shared.get(c).centre()).containsExactly(shared.get(0).centre());
            }
            left.add(Math.abs(shared.get(0).rest()));
        }
        assertThat(left.get(1)).as("of opposite effects").isGreaterThan(1e-3);
        assertThat(AuthorsScale.shared(List.of(parameters), List.of(AuthorsScale.of(parameters, 0.2, 0.5))))
                .first()
                .extracting(AuthorsScale::rest)
                .isEqualTo(0.0);
    }

    private static double[] negative(double[] values) {
        return Arrays.stream(values).map(value -> -value).toArray();
    }

    private AuthorsParameters parametersWith(double[] mu) {
        return new AuthorsParameters(
                WIDTH,
                2,
                3,
                parameters.alpha(),
                -0.3,
                0.4,
                mu,
                parameters.covFactor(),
                parameters.covLogdiag(),
                parameters.alphaCovariance());
    }

    @Test
    void refusesWhatIsNoModel() {
        ModelSpec other = ModelSpec.binomial(1, WIDTH + 1, 2);
        assertThatThrownBy(() -> AuthorsPosterior.of(parameters, AuthorsScale.none(WIDTH), other, Phase.SAMPLED, 0))
                .hasMessage("parameters: expected Q 5 and K 2 of the model, got 4 and 2");
        assertThatThrownBy(() -> AuthorsScale.of(parameters, 0, 0))
                .hasMessageContaining("expected a positive sd, got 0");
        assertThatThrownBy(() -> AuthorsScale.of(parameters, Double.NaN, 1))
                .hasMessageContaining("a finite mean, got NaN");
        double[] nothing = new double[2 * WIDTH];
        Arrays.fill(nothing, Double.NEGATIVE_INFINITY);
        AuthorsParameters flat = new AuthorsParameters(
                WIDTH,
                2,
                3,
                parameters.alpha(),
                0,
                0,
                parameters.mu(),
                parameters.covFactor(),
                nothing,
                parameters.alphaCovariance());
        assertThatThrownBy(() -> posterior(flat, AuthorsScale.none(WIDTH)))
                .hasMessage("parameters: expected a positive definite covariance");
    }
}
