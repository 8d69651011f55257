package io.gmil.stream.bags;

import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Prediction;
import io.gmil.stream.state.BagMean;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.ScoredBag;
import io.gmil.stream.state.SiteChanges;

/** Where what a shard finds out goes. */
interface Emitter {

    void prediction(Prediction prediction);

    void attention(AttentionSummary summary);

    void changes(SiteChanges changes);

    /** Whether cells are arriving, so that what can wait should. */
    boolean arriving();

    /** Whether there is a learner; in a score-only job nobody takes up changes and moments. */
    boolean learning();

    void scored(ScoredBag scored);

    void bagMean(BagMean mean);

    void moments(ScalerInput moments);

    /** Of an erasure. */
    void receipt(Audit receipt);

    void deadLetter(DeadLetter letter);
}
