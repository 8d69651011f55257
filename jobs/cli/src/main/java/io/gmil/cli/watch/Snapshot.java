package io.gmil.cli.watch;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far a run is.
 *
 * @param bags bags of the cohort that can still come
 * @param complete of them, those with a committed ARRIVAL prediction
 * @param cells cells of the complete bags
 * @param labels labels to learn
 * @param labelled of them, those in the newest posterior
 * @param posteriorVersion newest version
 * @param phase of the learner, absent before it has published
 * @param staleSites sites that wait for a refresh
 * @param settled whether the posterior rests
 * @param scored bags behind the prequential figures
 * @param auc prequential, absent while unknown
 * @param logLoss prequential, absent while unknown
 * @param finals committed FINAL predictions
 * @param explained bags whose attention is complete
 * @param rejected dead letters
 */
public record Snapshot(
        int bags,
        int complete,
        long cells,
        int labels,
        int labelled,
        long posteriorVersion,
        Optional<String> phase,
        int staleSites,
        boolean settled,
        long scored,
        OptionalDouble auc,
        OptionalDouble logLoss,
        int finals,
        int explained,
        int rejected) {

    /** Every bag was predicted, every label learnt and evaluated, and the posterior has come to rest. */
    public boolean learnt() {
        return complete >= bags && labelled >= labels && settled && scored >= labels;
    }

    /** Every bag was scored and explained once more. */
    public boolean finished() {
        return finals >= bags && explained >= bags;
    }

    /** What a run that does not go on is waiting for, for a person. */
    public String missing() {
        if (complete < bags) {
            return "predictions of " + (bags - complete) + " of " + bags + " bags";
        }
        if (labelled < labels) {
            return "the posterior to learn " + (labels - labelled) + " of " + labels + " labels";
        }
        if (!settled) {
            return "the posterior to settle (" + staleSites + " sites are stale)";
        }
        if (scored < labels) {
            return "the prequential score of " + (labels - scored) + " of " + labels + " bags";
        }
        if (finals < bags) {
            return "FINAL predictions of " + (bags - finals) + " of " + bags + " bags";
        }
        return "the attention of " + (bags - explained) + " of " + bags + " bags";
    }
}
