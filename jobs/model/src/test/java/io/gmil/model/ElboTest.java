package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ElboTest {
    /** Near the rest steps of minibatches and the Gauss–Newton curvature play about it. */
    private static final double ROUGHNESS = 0.5;

    private final ModelSpec spec = ModelSpec.binomial(2, 2, 1);

    /** Of a bag that says nothing, η = 0 whatever θ is. */
    private final List<LabelledBag> mute =
            List.of(new LabelledBag(Cells.of(new float[4], 2, 2), new double[] {0}, 1, 2));

    private final FeatureScaler scaler = FeatureScaler.identity(2);

    @Test
    void ofThePriorIsTheExpectedLikelihood() {
        assertThat(Elbo.of(new Posterior(spec), mute, scaler, 1)).isCloseTo(-2 * Math.log(2), within(1e-12));
    }

    @Test
    void paysForTheDistanceFromThePrior() {
        Posterior moved = new Posterior(spec);
        moved.mean[spec.beta()] = 3;
        double moving = 3 * 3 / spec.prior().sigma2Beta() / 2;
        assertThat(Elbo.of(moved, mute, scaler, 1)).isCloseTo(-2 * Math.log(2) - moving, within(1e-12));
        Posterior narrowed = new Posterior(spec);
        int at = spec.gamma() * spec.dimension() + spec.gamma();
        ((DenseFactor) narrowed.factor).inverse()[at] /= 2;
        double narrowing = (0.25 - 1 + Math.log(4)) / 2;
        assertThat(Elbo.of(narrowed, mute, scaler, 1)).isCloseTo(-2 * Math.log(2) - narrowing, within(1e-12));
    }

    @Test
    void risesWithThePasses() {
        SimulatedCohort cohort = new SimulatedCohort(11, 400, 30, 10, 0.5, 0.8);
        ModelSpec wide = ModelSpec.binomial(2, 10, 1);
        double first = Elbo.of(new Posterior(wide), cohort.bags, cohort.scaler, 1);
        double before = first;
        for (int passes : new int[] {1, 3, 6, 12}) {
            Posterior posterior = GmilFit.passes(passes, 0).withFixedNoise().fit(cohort.bags, wide, cohort.scaler);
            posterior.step();
            double bound = Elbo.of(posterior, cohort.bags, cohort.scaler, 1);
            assertThat(bound).as("after %d passes", passes).isGreaterThan(before - ROUGHNESS);
            before = bound;
        }
        assertThat(before).isGreaterThan(first + 100);
    }

    /** At the end of a fit S is wider than that of the sites, and the last steps of the variances are in its prior. */
    @Test
    void ofSitesIsNotThatOfTheWidenedCovariance() {
        SimulatedCohort cohort = new SimulatedCohort(11, 300, 30, 10, 0.5, 0.8);
        List<ModelSpec> outcomes = List.of(ModelSpec.binomial(2, 10, 1));
        FitRun run = new FitRun(GmilFit.passes(8, 0), cohort.bags, outcomes, cohort.scaler, 0);
        run.advance(8, () -> {});
        OutcomePosterior q = run.posteriors().get(0);
        double before = Elbo.of(q, cohort.bags, 0, cohort.scaler, 1);
        double ofSites = Elbo.ofSites(q, cohort.bags, 0, cohort.scaler, 1);
        assertThat(ofSites).isCloseTo(before, within(ROUGHNESS));
        run.widen();
        assertThat(Elbo.ofSites(q, cohort.bags, 0, cohort.scaler, 1)).isEqualTo(ofSites);
        assertThat(Elbo.of(q, cohort.bags, 0, cohort.scaler, 1)).isLessThan(ofSites - 0.1);
    }

    @Test
    void ofAWideModelIsThatOfItsRows() {
        Likelihood likelihood = new Categorical(3);
        SmallCohort cohort = new SmallCohort(3, 20, 4, 1100, likelihood);
        OutcomePosterior q = GmilFit.passes(5, 0)
                .fit(cohort.bags, List.of(cohort.spec(likelihood)), cohort.scaler)
                .get(0);
        assertThat(q.posteriors().get(0).factor).isInstanceOf(RowFactor.class);
        double bound = Elbo.ofSites(q, cohort.bags, 0, cohort.scaler, 1);
        assertThat(bound).isCloseTo(Elbo.of(q, cohort.bags, 0, cohort.scaler, 1), within(ROUGHNESS));
        assertThat(Elbo.ofSites(q, cohort.bags, 0, cohort.scaler, 1)).isEqualTo(bound);
    }
}
