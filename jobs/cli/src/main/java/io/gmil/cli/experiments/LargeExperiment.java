package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import io.gmil.cohort.SimulationOptions;
import java.util.List;

/** Large and complex cohorts. */
final class LargeExperiment implements Experiment {

    /** A fit of the largest cohort takes half a minute. */
    private static final int MOST_OUTCOMES = 2;

    @Override
    public String title() {
        return "Large and complex cohorts";
    }

    @Override
    public String question() {
        return "Does it still work with many bags of wide embeddings, and how long does a fit take?";
    }

    @Override
    public String setting(Scale scale) {
        return "The paper's law with more bags and features; "
                + large(scale, 5000, 128).outcomes() + " outcomes, "
                + large(scale, 5000, 128).testBags()
                + " test bags, I = "
                + large(scale, 5000, 128).cells() + " cells.";
    }

    @Override
    public String variable() {
        return "cohort";
    }

    @Override
    public boolean ordered() {
        return false;
    }

    @Override
    public List<Case> cases(Scale scale) {
        return List.of(
                compared(large(scale, 1000, 30)),
                compared(large(scale, 1000, 128)),
                compared(large(scale, 5000, 30)),
                compared(large(scale, 5000, 128)));
    }

    private static SimulationOptions large(Scale scale, int bags, int width) {
        int outcomes = Math.min(MOST_OUTCOMES, scale.outcomes());
        return scale.simulation(bags, 50, width, 0.8, outcomes, scale.seed());
    }

    private static Case compared(SimulationOptions cohort) {
        return Case.of("N = " + cohort.bags() + ", Q = " + cohort.dim(), cohort, GMIL, MEAN_POOLING);
    }

    @Override
    public List<Figure> tabled() {
        return List.of(Figure.RHO, Figure.AUC, Figure.LOG_LIKELIHOOD, Figure.COVERAGE, Figure.SECONDS);
    }

    @Override
    public List<Figure> plotted() {
        return List.of(Figure.RHO, Figure.SECONDS);
    }

    @Override
    public Contrast contrast() {
        return Contrast.of(Figure.RHO, GMIL, MEAN_POOLING);
    }
}
