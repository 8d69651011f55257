package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_FIELD;

import java.util.Arrays;
import java.util.List;

/** Full against mean-field covariance. */
final class PosteriorExperiment implements Experiment {

    @Override
    public String title() {
        return "Full or mean-field posterior";
    }

    @Override
    public String question() {
        return "Is a posterior with independent components good enough, or do the correlations of γ and β matter, for the prediction and for "
                + "its interval?";
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
        return Arrays.stream(scale.sweep(200, 500, 1000, 2000))
                .mapToObj(bags -> scale.paper((int) bags))
                .map(cohort -> Case.of(Integer.toString(cohort.bags()), cohort, GMIL, MEAN_FIELD))
                .toList();
    }

    @Override
    public List<Figure> tabled() {
        return List.of(Figure.RHO, Figure.AUC, Figure.LOG_LIKELIHOOD, Figure.COVERAGE, Figure.SLOPE);
    }

    @Override
    public List<Figure> plotted() {
        return List.of(Figure.RHO, Figure.COVERAGE);
    }

    @Override
    public Contrast contrast() {
        return Contrast.of(Figure.RHO, GMIL, MEAN_FIELD);
    }
}
