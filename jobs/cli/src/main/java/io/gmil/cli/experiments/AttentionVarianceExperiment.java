package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import java.util.ArrayList;
import java.util.List;

/** How sharp the true attention is. */
final class AttentionVarianceExperiment implements Experiment {

    /** From above this v_γ on several starts are tried. */
    private static final double MANY_LOCAL_OPTIMA = 2;

    @Override
    public String title() {
        return "Sharpness of attention";
    }

    @Override
    public String question() {
        return "How much is gained when a few cells decide (large v_γ), and how little is lost when all cells count alike? At v_γ = 3.2 "
                + "some fits end in a poor local optimum; several starts are meant to help.";
    }

    @Override
    public String setting(Scale scale) {
        return "N = " + scale.bags(1000) + " training bags, " + Settings.without(scale.paper()) + "; with "
                + scale.starts() + " starts at v_γ = 3.2.";
    }

    @Override
    public String variable() {
        return "v_γ";
    }

    @Override
    public List<Case> cases(Scale scale) {
        List<Case> cases = new ArrayList<>();
        for (double vGamma : scale.sweep(0.1, 0.4, 0.8, 1.6, 3.2)) {
            List<Contender> contenders = new ArrayList<>(List.of(GMIL, MEAN_POOLING));
            if (vGamma > MANY_LOCAL_OPTIMA) {
                contenders.add(Contender.starts(scale.starts()));
            }
            cases.add(new Case(
                    Settings.number(vGamma),
                    List.of(scale.simulation(1000, 50, 30, vGamma)),
                    Distortion.NONE,
                    contenders));
        }
        return cases;
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
