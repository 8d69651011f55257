package io.gmil.cli.experiments;

import java.util.List;

/** A question, and the fits that answer it. */
interface Experiment {

    /** A few words. */
    String title();

    /** One or two sentences. */
    String question();

    /** What is simulated, in one sentence. */
    String setting(Scale scale);

    /** What the cases differ in, for the axis. */
    String variable();

    /** Whether the cases are points of one scale, to be joined by lines. */
    default boolean ordered() {
        return true;
    }

    /** Whether the cases are of one kind, so that figures over all of them say something. */
    default boolean alike() {
        return false;
    }

    List<Case> cases(Scale scale);

    /** Figures in the table. */
    List<Figure> tabled();

    /** Figures with a plot each. */
    List<Figure> plotted();

    /** Which models are compared on the same bags, and by what. */
    Contrast contrast();
}
