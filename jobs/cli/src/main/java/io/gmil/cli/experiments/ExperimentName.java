package io.gmil.cli.experiments;

/** All experiments, in the order of the page. */
public enum ExperimentName {
    ATTENTION("attention"),
    V_GAMMA("vgamma"),
    BAGS("bags"),
    CELLS("cells"),
    POSTERIOR("posterior"),
    EFFECTS("effects"),
    EMBEDDINGS("embeddings"),
    LARGE("large"),
    UNCERTAINTY("uncertainty");

    private final String key;

    ExperimentName(String key) {
        this.key = key;
    }

    Experiment experiment() {
        return switch (this) {
            case ATTENTION -> new AttentionExperiment();
            case V_GAMMA -> new AttentionVarianceExperiment();
            case BAGS -> new BagsExperiment();
            case CELLS -> new CellsExperiment();
            case POSTERIOR -> new PosteriorExperiment();
            case EFFECTS -> new EffectsExperiment();
            case EMBEDDINGS -> new EmbeddingsExperiment();
            case LARGE -> new LargeExperiment();
            case UNCERTAINTY -> new UncertaintyExperiment();
        };
    }

    /** As it is written in options and file names. */
    @Override
    public String toString() {
        return key;
    }
}
