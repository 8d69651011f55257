package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.ModelSpec.Covariance;
import io.gmil.model.ModelSpec.Effects;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mean field and fixed effects beside the usual posterior. */
class PosteriorKindsTest {
    private final SimulatedCohort cohort = new SimulatedCohort(8, 200, 20, 6, 0.5, 0.8);
    private final ModelSpec full = ModelSpec.binomial(2, 6, 1);

    /** One step after all bags have been visited at the prior. */
    private Posterior stepped(ModelSpec spec) {
        Posterior posterior = new Posterior(spec);
        posterior.phase(Phase.LINEARISED);
        SiteEngine engine = new SiteEngine(spec, cohort.scaler, new EjmlAlgebra());
        for (Site site : engine.sites(cohort.bags, posterior.snapshot(0, 0), 0)) {
            posterior.added(site);
        }
        posterior.step();
        return posterior;
    }

    private static double variance(Posterior posterior, int coordinate) {
        double[] unit = new double[posterior.mean.length];
        unit[coordinate] = 1;
        return posterior.snapshot(0, 1).variance(unit);
    }

    @Test
    void meanFieldHasTheMeanOfTheFullPosteriorAndTheConditionalVariances() {
        Posterior exact = stepped(full);
        Posterior independent = stepped(full.with(Covariance.MEAN_FIELD));
        assertThat(independent.mean).containsExactly(exact.mean);
        double[] prior = full.priorPrecision(full.prior().variances());
        for (int i = 0; i < exact.mean.length; i++) {
            double precision = ((SiteSum) exact.sum).precision()[i * exact.mean.length + i] + prior[i];
            assertThat(variance(independent, i)).isCloseTo(1 / precision, within(1e-12));
            assertThat(variance(independent, i)).isLessThanOrEqualTo(variance(exact, i) * (1 + 1e-12));
        }
    }

    /** Draws differ, so the fits do, by less than half a standard deviation. */
    @Test
    void lowRankComesToTheFitOfTheWholeMatrix() {
        Posterior exact = GmilFit.passes(12, 1).fit(cohort.bags, full, cohort.scaler);
        Posterior lowRank = GmilFit.passes(12, 1).fit(cohort.bags, full.with(Covariance.LOW_RANK), cohort.scaler);
        assertThat(((SiteRows) lowRank.sum).rows().count()).isBetween(600, 640);
        for (int i = 0; i < exact.mean.length; i++) {
            double sd = Math.sqrt(variance(exact, i));
            assertThat(lowRank.mean[i]).isCloseTo(exact.mean[i], within(0.5 * sd));
        }
    }

    @Test
    void fixedEffectsAreNeitherShrunkNorLearnt() {
        List<LabelledBag> bags = cohort.bags;
        Posterior random = GmilFit.passes(8, 1).fit(bags, full, cohort.scaler);
        Posterior fixed = GmilFit.passes(8, 1).fit(bags, full.with(Effects.FIXED), cohort.scaler);
        assertThat(random.sigma2Beta()).isNotEqualTo(full.prior().sigma2Beta());
        assertThat(fixed.sigma2Beta()).isEqualTo(full.prior().sigma2Beta());
        assertThat(fixed.sigma2Gamma()).isEqualTo(full.prior().sigma2Gamma());
        assertThat(squares(fixed)).isGreaterThan(1.05 * squares(random));
    }

    private static double squares(Posterior posterior) {
        return Triangular.dot(posterior.mean, 1, posterior.mean, 1, posterior.mean.length - 1);
    }
}
