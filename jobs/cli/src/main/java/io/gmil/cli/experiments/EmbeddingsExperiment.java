package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import java.util.List;

/** Embeddings that are worse than those the truth is made of. */
final class EmbeddingsExperiment implements Experiment {

    @Override
    public String title() {
        return "Degraded embeddings";
    }

    @Override
    public String question() {
        return "How much of the prediction survives when embeddings are noisy, mixed, diluted, or when the test bags come from another "
                + "batch?";
    }

    @Override
    public String setting(Scale scale) {
        return "The paper's simulation, " + Settings.of(scale.paper())
                + "; noise is given as its share of the variance, a rotation keeps all that there is, a mixture is "
                + "by a random matrix with normal elements, a doublet is the mean of a cell and one of another bag, a batch "
                + "shifts each dimension of the test bags by N(0, ½²) standard deviations and scales it by exp N(0, ¼²).";
    }

    @Override
    public String variable() {
        return "embeddings";
    }

    @Override
    public boolean ordered() {
        return false;
    }

    @Override
    public List<Case> cases(Scale scale) {
        int width = scale.paper().dim();
        long seed = scale.seed() + 1;
        return List.of(
                degraded("as simulated", Distortion.NONE, scale),
                degraded("25 % noise", Distortion.noise(0.25), scale),
                degraded("50 % noise", Distortion.noise(0.5), scale),
                degraded("75 % noise", Distortion.noise(0.75), scale),
                degraded("rotated", Distortion.rotation(width, seed), scale),
                degraded("mixed", Distortion.mixture(width, width, seed), scale),
                degraded("mixed into " + width / 2 + " dim.", Distortion.mixture(width, width / 2, seed), scale),
                degraded("25 % doublets", Distortion.doublets(0.25), scale),
                degraded("50 % doublets", Distortion.doublets(0.5), scale),
                degraded("+ " + width + " noise dim.", Distortion.furtherDimensions(width), scale),
                degraded("+ " + 3 * width + " noise dim.", Distortion.furtherDimensions(3 * width), scale),
                degraded("other batch", Distortion.testBatch(width, 0.5, 0.25, seed), scale));
    }

    private static Case degraded(String setting, Distortion distortion, Scale scale) {
        return new Case(setting, List.of(scale.paper()), distortion, List.of(GMIL, MEAN_POOLING));
    }

    @Override
    public List<Figure> tabled() {
        return List.of(Figure.RHO, Figure.AUC, Figure.LOG_LIKELIHOOD, Figure.COVERAGE, Figure.SLOPE);
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
