package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bag statistics, sites, steps and prior variances equal those of the numpy reference. */
class ReferenceParityTest {
    private static final double TOLERANCE = 1e-9;

    private final Golden golden = new Golden();
    private final ModelSpec spec = golden.spec;

    @Test
    void bagStatisticsOfTheSweep() {
        JsonNode expected = golden.root.get("statistics");
        List<Draws> theta = List.of(new Draws(spec, Golden.numbers(expected.get("theta")), 1));
        CellSweep sweep = CellSweep.of(theta, golden.scaler, new EjmlAlgebra());
        double[] jacobian = new double[spec.dimension()];
        sweep.run(golden.bags, theta, (n, sums) -> {
            sums.jacobian(spec, 0, golden.bags.get(n).fixedEffects(), true, jacobian, 0);
            assertThat(sums.u(0)).isCloseTo(expected.get("u").get(n).asDouble(), within(TOLERANCE));
            assertJacobian(jacobian, expected, n);
        });
    }

    @Test
    void bagStatisticsOfTheScan() {
        JsonNode expected = golden.root.get("statistics");
        CellScan scan = new CellScan(spec.width(), new FoldedScaler(spec.width(), golden.scaler), 1);
        scan.parameters(List.of(golden.at(Golden.numbers(expected.get("theta")))));
        double[] w = Golden.numbers(expected.get("w"));
        double[] jacobian = new double[spec.dimension()];
        int start = 0;
        for (int n = 0; n < golden.bags.size(); n++) {
            SoftmaxSums sums = scan.scan(golden.bags.get(n).cells(), true);
            sums.jacobian(spec, 0, golden.bags.get(n).fixedEffects(), true, jacobian, 0);
            assertThat(sums.u(0)).isCloseTo(expected.get("u").get(n).asDouble(), within(TOLERANCE));
            assertJacobian(jacobian, expected, n);
            double[] weights = scan.weights(0).weights();
            for (int i = 0; i < scan.count(); i++) {
                assertThat(weights[i]).isCloseTo(w[start + i], within(TOLERANCE));
            }
            start += scan.count();
        }
    }

    private void assertJacobian(double[] jacobian, JsonNode expected, int n) {
        double[] g = Golden.numbers(expected.get("g").get(n));
        double[] z = Golden.numbers(expected.get("z").get(n));
        for (int q = 0; q < spec.width(); q++) {
            assertThat(jacobian[spec.gamma() + q]).isCloseTo(g[q], within(TOLERANCE));
            assertThat(jacobian[spec.beta() + q]).isCloseTo(z[q], within(TOLERANCE));
        }
    }

    @Test
    void meanPoolingSites() {
        assertLinearisedSites("mean_pooling", Phase.MEAN_POOLING);
    }

    @Test
    void linearisedSites() {
        assertLinearisedSites("linearised", Phase.LINEARISED);
    }

    private void assertLinearisedSites(String name, Phase phase) {
        JsonNode section = golden.root.get(name);
        SiteEngine engine = new SiteEngine(spec, golden.scaler, new EjmlAlgebra());
        Site[] sites = engine.sites(golden.bags, golden.snapshot(section, phase), 0);
        assertSites(sites, section);
    }

    @Test
    void sampledSites() {
        JsonNode section = golden.root.get("sampled");
        double[] draws = Golden.numbers(section.get("draws"));
        for (LinearAlgebra algebra : List.of(new EjmlAlgebra(), new Nd4jAlgebra())) {
            SiteEngine engine = new SiteEngine(spec, golden.scaler, algebra);
            Site[] sites =
                    engine.sampled(golden.bags, golden.at(Golden.numbers(section.get("mean"))), draws, spec.draws());
            assertSites(sites, section);
        }
    }

    private void assertSites(Site[] sites, JsonNode section) {
        int d = spec.dimension();
        for (int n = 0; n < sites.length; n++) {
            double[] h = Golden.numbers(section.get("sites").get(n).get("h"));
            double[] precision = Golden.numbers(section.get("sites").get(n).get("H"));
            assertThat(sites[n].shift()).usingComparatorWithPrecision(TOLERANCE).containsExactly(h);
            assertThat(dense(sites[n], d))
                    .usingComparatorWithPrecision(TOLERANCE)
                    .containsExactly(precision);
        }
    }

    private static double[] dense(Site site, int d) {
        double[] h = new double[d * d];
        for (int k = 0; k < site.rank(); k++) {
            for (int i = 0; i < d * d; i++) {
                h[i] += site.rows()[k * d + i / d] * site.rows()[k * d + i % d];
            }
        }
        return h;
    }

    @Test
    void visits() {
        Posterior posterior = new Posterior(spec);
        SiteEngine engine = new SiteEngine(spec, golden.scaler, new EjmlAlgebra());
        Site[] sites = new Site[golden.bags.size()];
        int version = 0;
        for (JsonNode visit : golden.root.get("visits")) {
            posterior.phase(Phase.valueOf(visit.get("phase").asText()));
            List<LabelledBag> minibatch = new ArrayList<>();
            visit.get("ids").forEach(id -> minibatch.add(golden.bags.get(id.asInt())));
            PosteriorSnapshot q = posterior.snapshot(0, version++);
            Site[] fresh = q.phase() == Phase.SAMPLED
                    ? engine.sampled(minibatch, q, Golden.numbers(visit.get("draws")), spec.draws())
                    : engine.sites(minibatch, q, 0);
            for (int i = 0; i < fresh.length; i++) {
                int id = visit.get("ids").get(i).asInt();
                posterior.change(sites[id], fresh[i]);
                sites[id] = fresh[i];
            }
            assertThat(posterior.step().refused()).isFalse();
            assertState(posterior.snapshot(0, version), visit);
        }
        assertThat(posterior.labelledBags()).isEqualTo(golden.bags.size());
    }

    private void assertState(PosteriorSnapshot q, JsonNode expected) {
        assertThat(q.mean())
                .usingComparatorWithPrecision(TOLERANCE)
                .containsExactly(Golden.numbers(expected.get("mean")));
        double[] covariance = Golden.numbers(expected.get("covariance"));
        for (int i = 0; i < covariance.length; i++) {
            double[] unit = new double[covariance.length];
            unit[i] = 1;
            assertThat(q.variance(unit)).isCloseTo(covariance[i], within(TOLERANCE * Math.max(1, covariance[i])));
        }
        assertThat(q.variances().gamma()).isCloseTo(expected.get("sigma2_gamma").asDouble(), within(TOLERANCE));
        assertThat(q.variances().beta()).isCloseTo(expected.get("sigma2_beta").asDouble(), within(TOLERANCE));
    }
}
