package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_FIELD;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import io.gmil.cohort.SimulationOptions;
import java.util.Arrays;
import java.util.List;

/** Whether intervals and probabilities can be trusted. */
final class UncertaintyExperiment implements Experiment {

    private static final int COHORTS = 20;

    @Override
    public String title() {
        return "Uncertainty";
    }

    @Override
    public String question() {
        return "Do 90 % intervals of the linear predictor hold the truth 90 % of the time, and are probabilities calibrated (slope 1)?";
    }

    @Override
    public String setting(Scale scale) {
        return scale.seeds(COHORTS).size() + " cohorts of one outcome and "
                + cohort(scale, 1000, 0).testBags()
                + " test bags each, by the law of the paper's simulation. Aimed at: coverage .85 to .95, slope .8 to 1.25.";
    }

    @Override
    public String variable() {
        return "training bags N";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return Arrays.stream(scale.sweep(200, 500, 1000))
                .mapToObj(bags -> cohorts(scale, (int) bags))
                .toList();
    }

    private static Case cohorts(Scale scale, int bags) {
        List<SimulationOptions> cohorts = scale.seeds(COHORTS).stream()
                .map(seed -> cohort(scale, bags, seed))
                .toList();
        String setting = Integer.toString(cohorts.get(0).bags());
        return new Case(setting, cohorts, Distortion.NONE, List.of(GMIL, MEAN_FIELD, MEAN_POOLING));
    }

    private static SimulationOptions cohort(Scale scale, int bags, long seed) {
        return scale.simulation(bags, 50, 30, 0.8, 1, seed);
    }

    @Override
    public List<Figure> tabled() {
        return List.of(Figure.COVERAGE, Figure.SLOPE, Figure.RHO, Figure.LOG_LIKELIHOOD);
    }

    @Override
    public List<Figure> plotted() {
        return List.of(Figure.COVERAGE, Figure.SLOPE);
    }

    @Override
    public Contrast contrast() {
        return Contrast.of(Figure.COVERAGE, GMIL, MEAN_FIELD);
    }
}
