package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PosteriorTest {
    private final ModelSpec spec = ModelSpec.binomial(1, 4, 2);
    private final FeatureScaler scaler = Bags.scaler(4);
    private final SiteEngine engine = new SiteEngine(spec, scaler, new EjmlAlgebra());
    private final Random random = new Random(11);

    private Site[] sites(int count, PosteriorSnapshot q) {
        return engine.sites(
                Stream.generate(() -> Bags.bag(random, 20, 4)).limit(count).toList(), q, 1);
    }

    @Test
    void startsAtThePrior() {
        PosteriorSnapshot expected = PosteriorSnapshot.prior(spec);
        PosteriorSnapshot actual = new Posterior(spec).snapshot(0, 0);
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
        double[] unit = new double[spec.dimension()];
        unit[spec.beta()] = 1;
        assertThat(actual.variance(unit)).isCloseTo(10, within(1e-12));
    }

    @Test
    void stepsComeToRestAtFixedSites() {
        Posterior posterior = new Posterior(spec);
        for (Site site : sites(10, posterior.snapshot(0, 0))) {
            posterior.added(site);
        }
        Step first = posterior.step();
        assertThat(first.refused()).isFalse();
        assertThat(first.residual() / first.moved()).isCloseTo(0.8 / 0.2, within(1e-9));
        double path = first.moved();
        Step last = first;
        for (int i = 0; i < 200; i++) {
            last = posterior.step();
            path += last.moved();
        }
        assertThat(last.moved()).isLessThan(1e-3 * first.moved());
        assertThat(posterior.pathLength()).isCloseTo(path, within(1e-12));
    }

    @Test
    void addingAndRemovingReturnsToTheSums() {
        Posterior posterior = new Posterior(spec);
        Site[] sites = sites(30, posterior.snapshot(0, 0));
        posterior.added(sites[0]);
        double[] before = ((SiteSum) posterior.sum).precision().clone();
        for (int i = 1; i < sites.length; i++) {
            posterior.added(sites[i]);
        }
        ((SiteSum) posterior.sum).precision();
        for (int i = 1; i < sites.length; i++) {
            posterior.removed(sites[i]);
        }
        assertThat(((SiteSum) posterior.sum).precision())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(before);
        assertThat(posterior.labelledBags()).isEqualTo(1);
    }

    @Test
    void refusesAStepWhenNotPositiveDefinite() {
        Posterior posterior = new Posterior(spec);
        Site[] sites = sites(5, posterior.snapshot(0, 0));
        posterior.added(sites[0]);
        posterior.step();
        PosteriorSnapshot before = posterior.snapshot(0, 0);
        double[] rows = new double[spec.dimension()];
        rows[0] = 1e3;
        posterior.removed(new Site(1, rows, new double[rows.length]));
        assertThat(posterior.step().refused()).isTrue();
        assertThat(posterior.snapshot(0, 0))
                .usingRecursiveComparison()
                .ignoringFields("labelledBags")
                .isEqualTo(before);
        posterior.rebuild(List.of(sites));
        assertThat(posterior.step().refused()).isFalse();
        assertThat(posterior.labelledBags()).isEqualTo(5);
    }

    @Test
    void refusesAStepWithoutNumbers() {
        Posterior posterior = new Posterior(spec);
        double[] rows = new double[spec.dimension()];
        rows[0] = Double.NaN;
        posterior.added(new Site(1, rows, new double[rows.length]));
        assertThat(posterior.step().refused()).isTrue();
    }

    @Test
    void bytesHoldTheWholeState() {
        Posterior posterior = new Posterior(spec);
        posterior.phase(Phase.SAMPLED);
        Site[] sites = sites(9, posterior.snapshot(0, 0));
        for (Site site : sites) {
            posterior.added(site);
        }
        posterior.step();
        posterior.removed(sites[3]); // the factor is older than the sums
        Posterior copy = Posterior.fromBytes(posterior.toBytes(), spec);
        assertThat(copy.snapshot(2, 5)).usingRecursiveComparison().isEqualTo(posterior.snapshot(2, 5));
        assertThat(copy.step()).isEqualTo(posterior.step());
        assertThat(copy.toBytes()).isEqualTo(posterior.toBytes());
    }

    @Test
    void bytesOfAnotherModelAreRefused() {
        byte[] bytes = new Posterior(spec).toBytes();
        assertThatThrownBy(() -> Posterior.fromBytes(bytes, ModelSpec.binomial(1, 5, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stored posterior: expected width 5 of the model, got 4");
        assertThatThrownBy(() -> Posterior.fromBytes(Arrays.copyOf(bytes, bytes.length - 1), spec))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Posterior.fromBytes(new byte[3], spec)).isInstanceOf(IllegalArgumentException.class);
        bytes[4] = 9;
        assertThatThrownBy(() -> Posterior.fromBytes(bytes, spec))
                .hasMessage("stored posterior: expected version 1 to 3, got 9");
    }
}
