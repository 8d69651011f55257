package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.ScoredBag;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a new revision of a bag is predicted with, and what is judged by its label. */
class RevisionFiguresTest {

    private static final TestBag BAG = TestBag.of("x");
    private static final TestBag REVISED = BAG.revised(1);

    private LearningLoop loop;
    private BagsHarness bags;

    @BeforeEach
    void learnSome() throws Exception {
        loop = LearningLoop.start(SavedState.CONFIG, 1);
        bags = loop.bags;
        for (int i = 0; i < SavedState.LEARNT.size(); i++) {
            bags.send(SavedState.LEARNT.get(i).records(bags.events));
            bags.send(bags.events.label(SavedState.LEARNT.get(i).label(i % 3, 0).build()));
        }
        loop.turn(5);
        bags.drainPredictions();
        bags.drain(Bags.SCORED);
    }

    @AfterEach
    void stop() throws Exception {
        loop.close();
    }

    private Prediction arrival(TestBag bag, List<Prediction> predictions) {
        return predictions.stream()
                .filter(each -> each.getKind() == PredictionKind.ARRIVAL
                        && each.getSampleId().equals(bag.sample())
                        && each.getRevision() == bag.revision())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theLabelJudgesTheRevisionThereIs() throws Exception {
        bags.send(BAG.records(bags.events));
        bags.send(REVISED.records(bags.events));
        bags.send(bags.events.label(BAG.label(2, 0).build()));

        List<Prediction> predictions = bags.drainPredictions();
        double first = arrival(BAG, predictions).getProbability();
        double second = arrival(REVISED, predictions).getProbability();
        assertThat(first).isNotEqualTo(second);
        assertThat(bags.side(Bags.SCORED)).extracting(ScoredBag::getProbability).containsExactly(second);
    }

    @Test
    void aRevisionOfALearntBagIsInTrainingAsLongAsThePosteriorIsThatOfBefore() throws Exception {
        TestBag soon = SavedState.LEARNT.get(1).revised(1);
        TestBag late = SavedState.LEARNT.get(2).revised(1);
        bags.send(soon.records(bags.events));
        bags.send(late.records(bags.events).subList(0, 1));
        loop.turn(3);
        bags.send(late.records(bags.events).subList(1, 4));

        List<Prediction> predictions = bags.drainPredictions();
        assertThat(arrival(soon, predictions).getInTraining()).isTrue();
        assertThat(arrival(late, predictions).getInTraining()).isFalse();
        assertThat(bags.side(Bags.SCORED)).isEmpty();
        loop.turn();
        loop.assertSumOfSitesEqualsState();
    }

    @Test
    void aRevisionOfABagThatWasNeverLearntIsNotInTraining() throws Exception {
        bags.send(BAG.records(bags.events));
        bags.send(REVISED.records(bags.events));
        assertThat(arrival(REVISED, bags.drainPredictions()).getInTraining()).isFalse();
    }
}
