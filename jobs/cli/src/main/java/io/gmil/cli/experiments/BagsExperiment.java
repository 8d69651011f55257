package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import java.util.Arrays;
import java.util.List;

/** How many bags attention needs. */
final class BagsExperiment implements Experiment {

    @Override
    public String title() {
        return "Number of bags";
    }

    @Override
    public String question() {
        return "How many labelled bags does it take until attention pays?";
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
                .map(cohort -> Case.of(Integer.toString(cohort.bags()), cohort, GMIL, MEAN_POOLING))
                .toList();
    }

    @Override
    public List<Figure> tabled() {
        return List.of(Figure.RHO, Figure.AUC, Figure.LOG_LIKELIHOOD, Figure.SECONDS);
    }

    @Override
    public List<Figure> plotted() {
        return List.of(Figure.RHO, Figure.AUC);
    }

    @Override
    public Contrast contrast() {
        return Contrast.of(Figure.RHO, GMIL, MEAN_POOLING);
    }
}
