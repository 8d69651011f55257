package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** D = 522: native factorisation, published as deviations. */
class WidePosteriorTest {
    private static final int WIDTH = 260;

    @Test
    void bothAlgebrasTakeTheSameSteps() {
        ModelSpec spec = ModelSpec.binomial(1, WIDTH, 2);
        Random random = new Random(1);
        List<LabelledBag> bags = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            bags.add(Bags.bag(random, 10, WIDTH));
        }
        Posterior plain = new Posterior(spec, new EjmlAlgebra());
        Posterior fast = new Posterior(spec);
        SiteEngine engine = new SiteEngine(spec, Bags.scaler(WIDTH), LinearAlgebra.forCells());
        for (Phase phase : Phase.values()) {
            fast.phase(phase);
            plain.phase(phase);
            for (Site site : engine.sites(bags, fast.snapshot(0, 0), 0)) {
                fast.added(site);
                plain.added(site);
            }
            Step a = plain.step();
            Step b = fast.step();
            assertThat(b.moved()).isCloseTo(a.moved(), within(1e-9));
            assertThat(fast.mean).usingComparatorWithPrecision(1e-9).containsExactly(plain.mean);
            assertThat(fast.sigma2Beta()).isCloseTo(plain.sigma2Beta(), within(1e-9));
        }
        Posterior copy = Posterior.fromBytes(fast.toBytes(), spec);
        assertThat(copy.snapshot(0, 1)).usingRecursiveComparison().isEqualTo(fast.snapshot(0, 1));
    }
}
