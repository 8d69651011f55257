package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import java.util.List;

/** The paper's main comparison. */
final class AttentionExperiment implements Experiment {

    private static final int COHORTS = 5;

    @Override
    public String title() {
        return "Attention against mean pooling";
    }

    @Override
    public String question() {
        return "Does attention find the cells that matter, and does it predict better than the mean of all cells?";
    }

    @Override
    public String setting(Scale scale) {
        return scale.seeds(COHORTS).size() + " cohorts by the paper's simulation: " + Settings.of(scale.paper())
                + " each.";
    }

    @Override
    public String variable() {
        return "seed of the cohort";
    }

    @Override
    public boolean ordered() {
        return false;
    }

    @Override
    public boolean alike() {
        return true;
    }

    @Override
    public List<Case> cases(Scale scale) {
        return scale.seeds(COHORTS).stream()
                .map(seed -> new Scale(scale.quick(), seed, scale.outcomes()).paper())
                .map(cohort -> Case.of(Long.toString(cohort.seed()), cohort, GMIL, MEAN_POOLING))
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
