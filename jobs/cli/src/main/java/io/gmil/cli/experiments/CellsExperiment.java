package io.gmil.cli.experiments;

import static io.gmil.cli.experiments.Contender.GMIL;
import static io.gmil.cli.experiments.Contender.MEAN_POOLING;

import java.util.Arrays;
import java.util.List;

/** How many cells a bag has. */
final class CellsExperiment implements Experiment {

    @Override
    public String title() {
        return "Number of cells";
    }

    @Override
    public String question() {
        return "Does attention hold up when the cells that matter are hidden among many others?";
    }

    @Override
    public String setting(Scale scale) {
        return "The paper's simulation with bags of other sizes: " + Settings.of(scale.paper()) + " otherwise.";
    }

    @Override
    public String variable() {
        return "cells in a bag I";
    }

    @Override
    public List<Case> cases(Scale scale) {
        return Arrays.stream(scale.sweep(10, 50, 200))
                .mapToObj(cells -> scale.simulation(1000, (int) cells, 30, 0.8))
                .map(cohort -> Case.of(Integer.toString(cohort.cells()), cohort, GMIL, MEAN_POOLING))
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
