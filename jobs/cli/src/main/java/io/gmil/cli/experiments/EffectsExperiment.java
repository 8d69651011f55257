package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.FIXED_EFFECTS;
import static io.gmil.cli.experiments.Contender.GMIL;

import java.util.Arrays;
import java.util.List;

/** Random against fixed effects. */
final class EffectsExperiment implements Experiment {

    @Override
    public String title() {
        return "Random or fixed effects";
    }

    @Override
    public String question() {
        return "What do the Gaussian priors with learnt variances bring over flat ones, above all where bags are few?";
    }

    @Override
    public String setting(Scale scale) {
        return Settings.without(scale.paper()) + "; v_γ = 0.8.";
    }

    @Override
    public String variable() {
        return "training bags N";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return Arrays.stream(scale.sweep(100, 200, 500, 1000))
                .mapToObj(bags -> scale.paper((int) bags))
                .map(cohort -> Case.of(Integer.toString(cohort.bags()), cohort, GMIL, FIXED_EFFECTS))
                .toList();
    }

    @Override
    public List<Figure> tabled() {
        return List.of(Figure.RHO, Figure.AUC, Figure.LOG_LIKELIHOOD, Figure.COVERAGE, Figure.SLOPE);
    }

    @Override
    public List<Figure> plotted() {
        return List.of(Figure.RHO, Figure.LOG_LIKELIHOOD);
    }

    @Override
    public Contrast contrast() {
        return Contrast.of(Figure.RHO, GMIL, FIXED_EFFECTS);
    }
}
