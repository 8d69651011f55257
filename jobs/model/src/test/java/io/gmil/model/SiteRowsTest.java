package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.ModelSpec.Covariance;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A posterior by the rows of its sites beside one with D × D values. */
class SiteRowsTest {
    private final Random random = new Random(3);

    private List<LabelledBag> bags(int count, int width) {
        List<LabelledBag> bags = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            bags.add(Bags.bag(random, 8, width));
        }
        return bags;
    }

    private static void assertSame(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).usingComparatorWithPrecision(tolerance).containsExactly(expected);
    }

    /** D = 402; bags are visited in turns, so that rows come, go and come again in other numbers. */
    @Test
    void takesTheStepsOfTheWholeMatrix() {
        ModelSpec spec = ModelSpec.binomial(1, 200, 2);
        Posterior dense = new Posterior(spec);
        Posterior rows = new Posterior(spec, new SiteRows(spec.blocks()));
        List<LabelledBag> bags = bags(24, 200);
        SiteEngine engine = new SiteEngine(spec, Bags.scaler(200), LinearAlgebra.forCells());
        Site[] held = new Site[bags.size()];
        for (int visit = 0; visit < 12; visit++) {
            Phase phase = Phase.of(visit / 4);
            dense.phase(phase);
            rows.phase(phase);
            int from = visit % 3 * 8;
            Site[] fresh = engine.sites(bags.subList(from, from + 8), dense.exactSnapshot(0, 0), visit);
            for (int i = 0; i < fresh.length; i++) {
                dense.change(held[from + i], fresh[i]);
                rows.change(held[from + i], fresh[i]);
                held[from + i] = fresh[i];
            }
            Step expected = dense.step();
            Step actual = rows.step();
            assertThat(actual.moved()).isCloseTo(expected.moved(), within(1e-8));
            assertSame(rows.mean, dense.mean, 1e-8);
            assertThat(rows.sigma2Gamma()).isCloseTo(dense.sigma2Gamma(), within(1e-8));
            assertThat(rows.sigma2Beta()).isCloseTo(dense.sigma2Beta(), within(1e-8));
        }
        double[] jacobian = BaseNoise.standardNormal(0, 0, spec.dimension());
        assertThat(rows.factor.variance(jacobian)).isCloseTo(dense.factor.variance(jacobian), within(1e-7));
        assertThat(Elbo.of(rows, List.of(), Bags.scaler(200), 0))
                .isCloseTo(Elbo.of(dense, List.of(), Bags.scaler(200), 0), within(1e-7));
    }

    private Posterior stepped(ModelSpec spec, List<LabelledBag> bags, SiteTotal empty) {
        Posterior posterior = new Posterior(spec, empty);
        posterior.phase(Phase.SAMPLED);
        SiteEngine engine = new SiteEngine(spec, Bags.scaler(spec.width()), new EjmlAlgebra());
        for (Site site : engine.sites(bags, PosteriorSnapshot.prior(spec).withPhase(Phase.SAMPLED), 0)) {
            posterior.added(site);
        }
        posterior.step();
        return posterior;
    }

    @Test
    void meanFieldIsTheSame() {
        ModelSpec spec = ModelSpec.binomial(1, 6, 2).with(Covariance.MEAN_FIELD);
        List<LabelledBag> bags = bags(1, 6);
        Posterior dense = stepped(spec, bags, new SiteSum(spec.blocks(), new EjmlAlgebra()));
        Posterior rows = stepped(spec, bags, new SiteRows(spec.blocks()));
        assertSame(rows.mean, dense.mean, 1e-10);
        double[] jacobian = BaseNoise.standardNormal(0, 0, spec.dimension());
        assertThat(rows.factor.variance(jacobian)).isCloseTo(dense.factor.variance(jacobian), within(1e-10));
        assertSame(rows.factor.traces(), dense.factor.traces(), 1e-10);
        assertThat(rows.factor.logDeterminant()).isCloseTo(dense.factor.logDeterminant(), within(1e-10));
        assertSame(rows.exactSnapshot(0, 0).draws(5), dense.exactSnapshot(0, 0).draws(5), 1e-10);
    }

    @Test
    void becomesTheWholeMatrixWhenRowsAreMoreThanParameters() {
        ModelSpec spec = ModelSpec.binomial(1, 6, 2);
        List<LabelledBag> bags = bags(4, 6);
        Posterior expected = stepped(spec, bags, new SiteSum(spec.blocks(), new EjmlAlgebra()));
        Posterior switched = stepped(spec, bags, new SiteRows(spec.blocks()));
        assertThat(switched.factor).isInstanceOf(DenseFactor.class);
        assertSame(switched.mean, expected.mean, 1e-12);
        Posterior lowRank = stepped(spec.with(Covariance.LOW_RANK), bags, new SiteRows(spec.blocks()));
        assertThat(lowRank.factor).isInstanceOf(RowFactor.class);
        assertSame(lowRank.mean, expected.mean, 1e-9);
    }

    @Test
    void theFormGoesBySizeAndCanBeChosen() {
        assertThat(SiteTotal.of(ModelSpec.binomial(1, 1000, 1))).isInstanceOf(SiteSum.class);
        assertThat(SiteTotal.of(ModelSpec.binomial(1, 1280, 1))).isInstanceOf(SiteRows.class);
        assertThat(SiteTotal.of(ModelSpec.binomial(1, 5, 1).with(Covariance.LOW_RANK)))
                .isInstanceOf(SiteRows.class);
    }

    @Test
    void aWideFitTakesHeapByItsSites() {
        ModelSpec wide = ModelSpec.binomial(1, 5000, 1);
        assertThat(Posterior.heap(wide, 200)).isBetween(0.2e9, 0.4e9); // 1600 rows
        assertThat(Posterior.heap(wide, 1000)).isBetween(0.5e9, 0.9e9); // 3 rows of each site
        assertThat(Posterior.heap(ModelSpec.binomial(1, 1000, 1), 200)).isBetween(0.16e9, 0.4e9);
        assertThat(Posterior.heap(wide.with(Covariance.LOW_RANK), 200)).isLessThan(Posterior.heap(wide, 200));
    }

    @Test
    void copiesAreApart() {
        ModelSpec spec = ModelSpec.binomial(1, 6, 2).with(Covariance.LOW_RANK);
        Posterior posterior = stepped(spec, bags(3, 6), SiteTotal.of(spec));
        PosteriorBase base = PosteriorBase.of(posterior);
        Posterior other = Posterior.fromBytes(posterior.toBytes(), spec);
        posterior.added(new Site(1, new double[spec.dimension()], new double[spec.dimension()]));
        base.rebuild(other, List.of());
        assertThat(other.labelledBags()).isEqualTo(3);
        assertSame(other.sum.diagonal(), posterior.sum.diagonal(), 1e-12);
        assertThat(((SiteRows) other.sum).sites()).hasSize(3);
    }

    @Test
    void takesAwayASiteThatWasStoredInBetween() {
        ModelSpec spec = ModelSpec.binomial(1, 4, 1);
        SiteRows rows = new SiteRows(spec.blocks());
        Site first = new Site(8, BaseNoise.standardNormal(0, 0, 72), BaseNoise.standardNormal(0, 1, 9));
        Site second = new Site(1, BaseNoise.standardNormal(0, 2, 9), BaseNoise.standardNormal(0, 3, 9));
        rows.add(first, 1);
        rows.add(second, 1);
        rows.add(new Site(8, first.rows().clone(), first.shift().clone()), -1);
        assertSame(rows.shift(), second.shift(), 1e-12);
        double[] squares = Arrays.stream(second.rows()).map(v -> v * v).toArray();
        assertSame(rows.diagonal(), squares, 1e-12);
        assertThatThrownBy(() -> rows.add(first, -1))
                .hasMessage("site to take away: expected one of the 1 added, got none");
    }

    @Test
    void bytesHoldTheWholeState() {
        ModelSpec spec = ModelSpec.binomial(1, 30, 2).with(Covariance.LOW_RANK);
        List<LabelledBag> bags = bags(5, 30);
        Posterior posterior = stepped(spec, bags, SiteTotal.of(spec));
        assertRestored(posterior);
        SiteEngine engine = new SiteEngine(spec, Bags.scaler(30), new EjmlAlgebra());
        posterior.added(engine.sites(bags(1, 30), posterior.exactSnapshot(0, 0), 1)[0]); // S is older than the sites
        assertRestored(posterior);
        assertRestored(new Posterior(spec));
        ModelSpec independent = spec.with(Covariance.MEAN_FIELD);
        assertRestored(stepped(independent, bags, new SiteRows(spec.blocks())));
    }

    private static void assertRestored(Posterior posterior) {
        byte[] bytes = posterior.toBytes();
        Posterior copy = Posterior.fromBytes(bytes, posterior.spec());
        assertThat(copy.toBytes()).isEqualTo(bytes);
        assertThat(copy.exactSnapshot(0, 1).draws(3))
                .isEqualTo(posterior.exactSnapshot(0, 1).draws(3));
        assertThat(copy.step().moved()).isCloseTo(posterior.step().moved(), within(1e-12));
        assertSame(copy.mean, posterior.mean, 1e-12);
    }

    @Test
    void damagedBytesAreRefused() {
        ModelSpec spec = ModelSpec.binomial(1, 6, 2).with(Covariance.LOW_RANK);
        byte[] bytes = stepped(spec, bags(1, 6), SiteTotal.of(spec)).toBytes();
        for (int length = bytes.length - 1; length > 0; length -= 97) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> Posterior.fromBytes(cut, spec)).isInstanceOf(IllegalArgumentException.class);
        }
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> Posterior.fromBytes(longer, spec))
                .hasMessage("stored posterior: expected no more than the posterior, got 1");
        int sites = 88 + 2 * 8 * spec.dimension() + 4;
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(sites, Integer.MAX_VALUE);
        assertThatThrownBy(() -> Posterior.fromBytes(bytes, spec)).isInstanceOf(IllegalArgumentException.class);
    }
}
