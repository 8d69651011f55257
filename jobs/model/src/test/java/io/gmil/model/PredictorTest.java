package io.gmil.model;

import static io.gmil.model.ModelSpec.Covariance.FULL;
import static io.gmil.model.ModelSpec.Covariance.MEAN_FIELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PredictorTest {
    private static final int WIDTH = 5;

    private final ModelSpec spec = ModelSpec.binomial(1, WIDTH, 2);
    private final FeatureScaler scaler = Bags.scaler(WIDTH);
    private final Predictor predictor = new Predictor(spec, scaler);
    private final double[] fixedEffects = {1, 0.5};

    private static void assertFinite(BagPrediction p) {
        double[] figures = {p.etaMean(), p.etaSd(), p.fixedEffect(), p.randomEffect(), p.probability()};
        assertThat(Arrays.stream(figures).allMatch(Double::isFinite))
                .as(p.toString())
                .isTrue();
        assertThat(p.probability()).isBetween(0.0, 1.0);
        assertThat(p.lower()).isBetween(0.0, p.upper());
        assertThat(p.upper()).isLessThanOrEqualTo(1);
        assertThat(p.attention().effectiveCells()).isGreaterThanOrEqualTo(1 - 1e-9);
        assertThat(p.attention().entropy()).isGreaterThanOrEqualTo(-1e-12);
    }

    @Test
    void staysFiniteAtExtremes() {
        PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 2000, 1); // logits of ±1e3 and beyond
        SiteEngine engine = new SiteEngine(spec, scaler, new EjmlAlgebra());
        for (int rows : new int[] {1, 2, 20_000}) {
            float[] values = Bags.cells(new Random(rows), rows, WIDTH);
            Cells cells = Cells.of(values, rows, WIDTH);
            assertFinite(predictor.predict(cells, fixedEffects, q, AttentionRequest.top(5)));
            for (Phase phase : Phase.values()) {
                Site site = engine.sites(
                                List.of(new LabelledBag(cells, fixedEffects, 1, 1)),
                                Bags.posterior(spec, phase, 2000, 1),
                                0)[0];
                assertThat(Arrays.stream(site.rows()).allMatch(Double::isFinite))
                        .isTrue();
                assertThat(Arrays.stream(site.shift()).allMatch(Double::isFinite))
                        .isTrue();
            }
        }
    }

    @Test
    void identicalCellsShareTheAttention() {
        float[] values = new float[40 * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % WIDTH - 1.5f;
        }
        PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 1, 2);
        BagPrediction many = predictor.predict(Cells.of(values, 40, WIDTH), fixedEffects, q, AttentionRequest.top(3));
        BagPrediction one = predictor.predict(Cells.of(values, 1, WIDTH), fixedEffects, q, AttentionRequest.top(3));
        assertThat(many.etaMean()).isCloseTo(one.etaMean(), within(1e-12));
        assertThat(many.etaSd()).isCloseTo(one.etaSd(), within(1e-12));
        assertThat(many.attention().effectiveCells()).isCloseTo(40, within(1e-9));
        assertThat(many.attention().entropy()).isCloseTo(Math.log(40), within(1e-12));
        assertThat(many.attention().topIndex()).containsExactly(0, 1, 2);
    }

    @Test
    void attentionAddsUp() {
        int rows = 1000;
        float[] values = Bags.cells(new Random(3), rows, WIDTH);
        short[] codes = new short[rows];
        for (int i = 0; i < rows; i++) {
            codes[i] = (short) (i % 4 - 1);
        }
        PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 2, 3);
        BagPrediction p =
                predictor.predict(Cells.of(values, rows, WIDTH), fixedEffects, q, new AttentionRequest(0, codes, 3));
        BagAttention a = p.attention();
        assertThat(Arrays.stream(a.topWeight()).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(a.topContribution()).sum()).isCloseTo(p.randomEffect(), within(1e-12));
        assertThat(a.topWeight()[0]).isEqualTo(a.weightQuantiles()[6]);
        assertThat(a.topWeight()[rows - 1]).isEqualTo(a.weightQuantiles()[0]);
        double unknown = 0;
        for (int i = 0; i < rows; i++) {
            unknown += a.topIndex()[i] % 4 == 0 ? a.topWeight()[i] : 0;
            assertThat(i == 0 || a.topWeight()[i] <= a.topWeight()[i - 1]).isTrue();
        }
        assertThat(Arrays.stream(a.typeMass()).sum() + unknown).isCloseTo(1, within(1e-12));
        assertThat(a.typeCells()).containsExactly(250, 250, 250);
        BagAttention top = predictor
                .predict(Cells.of(values, rows, WIDTH), fixedEffects, q, AttentionRequest.top(7))
                .attention();
        assertThat(top.topIndex()).containsExactly(Arrays.copyOf(a.topIndex(), 7));
        assertThat(top.typeMass()).isNull();
    }

    @Test
    void meanPoolingIgnoresAttentionVariance() {
        float[] values = Bags.cells(new Random(4), 30, WIDTH);
        PosteriorSnapshot q = Bags.posterior(spec, Phase.MEAN_POOLING, 1, 4);
        double[] j = new double[spec.dimension()];
        j[0] = 1;
        j[1] = 0.5;
        double[] inverse = scaler.inverseScale();
        for (int i = 0; i < values.length; i++) {
            j[spec.beta() + i % WIDTH] += (values[i] - scaler.mean()[i % WIDTH]) * inverse[i % WIDTH] / 30;
        }
        BagPrediction p = predictor.predict(Cells.of(values, 30, WIDTH), fixedEffects, q);
        assertThat(p.etaMean()).isCloseTo(Triangular.dot(j, 0, q.mean(), 0, j.length), within(1e-12));
        assertThat(p.etaSd()).isCloseTo(Math.sqrt(q.variance(j)), within(1e-12));
        assertThat(p.attention()).isNull();
    }

    /** More bags than are held at a time, of two outcomes, one with three classes. */
    @Test
    void severalBagsAreBitEqualToEachAlone() {
        List<ModelSpec> specs = List.of(
                ModelSpec.binomial(1, WIDTH, 2), ModelSpec.of(new Categorical(3), new ModelSpec.Shape(WIDTH, 2, 0, 1)));
        Predictor several = new Predictor(specs, scaler);
        PosteriorSnapshot[][] q = new PosteriorSnapshot[2][];
        for (int o = 0; o < q.length; o++) {
            q[o] = new PosteriorSnapshot[specs.get(o).likelihood().components()];
            for (int c = 0; c < q[o].length; c++) {
                q[o][c] = Bags.posterior(specs.get(o), Phase.SAMPLED, 1, 10 * o + c);
            }
        }
        Random random = new Random(6);
        List<LabelledBag> bags = new ArrayList<>();
        for (int n = 0; n < 150; n++) {
            int rows = 1 + random.nextInt(60);
            Cells cells = Cells.of(Bags.cells(random, rows, WIDTH), rows, WIDTH);
            bags.add(new LabelledBag(cells, new double[] {1, random.nextGaussian()}));
        }
        List<BagPrediction[][]> together = several.predict(bags, q, AttentionRequest.top(3));
        Predictor another = new Predictor(specs, scaler);
        assertThat(together).hasSameSizeAs(bags);
        for (int n = 0; n < bags.size(); n++) {
            LabelledBag bag = bags.get(n);
            assertThat(List.of(together.get(n)))
                    .usingRecursiveComparison()
                    .ignoringFieldsMatchingRegexes(".*linearisation")
                    .isEqualTo(List.of(another.predict(bag.cells(), bag.fixedEffects(), q, AttentionRequest.top(3))));
        }
        assertThat(several.predict(List.of(), q, null)).isEmpty();
    }

    @Test
    void aLinearisationIsNotOverwrittenByBagsThatFollow() {
        PosteriorSnapshot[][] q = {{Bags.posterior(spec, Phase.SAMPLED, 1, 3)}};
        Random random = new Random(7);
        List<LabelledBag> bags = new ArrayList<>();
        for (int n = 0; n < 2; n++) {
            bags.add(new LabelledBag(Cells.of(Bags.cells(random, 9, WIDTH), 9, WIDTH), fixedEffects));
        }
        Cells cells = Cells.of(Bags.cells(random, 9, WIDTH), 9, WIDTH);
        Linearisation kept = predictor.predict(cells, fixedEffects, q, null)[0][0].linearisation();
        double[] gradient = kept.gradient().clone();
        for (int k = 0; k < 2; k++) {
            assertThat(predictor.predict(bags, q, null))
                    .allSatisfy(each -> assertThat(each[0][0].linearisation()).isNull());
        }
        predictor.predict(bags.get(0).cells(), fixedEffects, q, null);
        assertThat(kept.gradient()).isEqualTo(gradient);
    }

    /** Before any of them is predicted. */
    @Test
    void refusesSeveralBagsForOneThatDoesNotFit() {
        PosteriorSnapshot[][] q = {{PosteriorSnapshot.prior(spec)}};
        LabelledBag fits = new LabelledBag(Cells.of(new float[WIDTH], 1, WIDTH), fixedEffects);
        LabelledBag narrow = new LabelledBag(Cells.of(new float[4], 1, 4), fixedEffects);
        assertThatThrownBy(() -> predictor.predict(List.of(fits, narrow), q, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bag: expected width 5 and 2 fixed effects, got 4 and 2");
    }

    @Test
    void refusesWhatDoesNotFit() {
        PosteriorSnapshot q = PosteriorSnapshot.prior(spec);
        Cells narrow = Cells.of(new float[8], 2, 4);
        assertThatThrownBy(() -> predictor.predict(narrow, fixedEffects, q))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bag: expected width 5 and 2 fixed effects, got 4 and 2");
        Cells empty = Cells.of(new float[0], 0, WIDTH);
        assertThatThrownBy(() -> predictor.predict(empty, fixedEffects, q))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bag: expected at least 1 cell, got 0");
        SiteEngine engine = new SiteEngine(spec, scaler, new EjmlAlgebra());
        assertThatThrownBy(() -> engine.sites(List.of(new LabelledBag(empty, fixedEffects, 1, 1)), q, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<Arguments> fits() {
        return Stream.of(
                arguments("dense, beyond what is published exactly", new ModelSpec.Shape(150, 2, 0, 1), FULL),
                arguments("by the rows of sites", new ModelSpec.Shape(1100, 2, 0, 1), FULL),
                arguments("independent components", new ModelSpec.Shape(6, 2, 0, 1), MEAN_FIELD),
                arguments("independent components, wide", new ModelSpec.Shape(1100, 2, 0, 1), MEAN_FIELD),
                arguments("heads", new ModelSpec.Shape(6, 2, 0, 2), FULL),
                arguments("random intercepts", new ModelSpec.Shape(6, 2, 3, 1), FULL));
    }

    /** Of learnt posteriors of every form, as the fit holds them and as they are published. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("fits")
    void severalBagsAreBitEqualToEachAloneInEveryForm(
            String name, ModelSpec.Shape shape, ModelSpec.Covariance covariance) {
        Random random = new Random(8);
        List<LabelledBag> bags = new ArrayList<>();
        for (int n = 0; n < 150; n++) {
            int rows = 1 + random.nextInt(12);
            double[] f = new double[2 + shape.randomIntercepts()];
            f[0] = 1;
            f[1] = random.nextGaussian();
            if (f.length > 2) {
                f[2 + n % 3] = 1;
            }
            Cells cells = Cells.of(Bags.cells(random, rows, shape.width()), rows, shape.width());
            bags.add(new LabelledBag(cells, f, new Label(n % 2, 1), Label.of(n % 3)));
        }
        List<ModelSpec> specs = Stream.of(new Binomial(1), new Categorical(3))
                .map(likelihood -> ModelSpec.of(likelihood, shape).with(covariance))
                .toList();
        FeatureScaler own = Bags.scaler(shape.width());
        List<OutcomePosterior> fitted = GmilFit.passes(5, 1).fit(bags.subList(0, 12), specs, own);
        for (boolean exact : new boolean[] {true, false}) {
            PosteriorSnapshot[][] q = fitted.stream()
                    .map(outcome -> outcome.posteriors().stream()
                            .map(each -> exact ? each.exactSnapshot(0, 1) : each.snapshot(0, 1))
                            .toArray(PosteriorSnapshot[]::new))
                    .toArray(PosteriorSnapshot[][]::new);
            List<BagPrediction[][]> together = new Predictor(specs, own).predict(bags, q, AttentionRequest.top(3));
            Predictor another = new Predictor(specs, own);
            for (int n = 0; n < bags.size(); n++) {
                LabelledBag bag = bags.get(n);
                assertThat(List.of(together.get(n)))
                        .as("%s, bag %d", exact, n)
                        .usingRecursiveComparison()
                        .ignoringFieldsMatchingRegexes(".*linearisation")
                        .isEqualTo(
                                List.of(another.predict(bag.cells(), bag.fixedEffects(), q, AttentionRequest.top(3))));
            }
        }
    }
}
