package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.saved.SavedModel;
import io.gmil.stream.state.SiteChange;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shards of a job that began with a saved model. */
class BagsInitialModelTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final List<TestBag> LEARNT = SavedBags.named("old", 9);
    private static final SavedModel MODEL = SavedBags.fit(LEARNT, "Y", "binomial", 2);
    private static final TestBag OLD = LEARNT.get(3);
    private static final TestBag NEW = TestBag.of("new");

    private List<InitialModel> initial;

    @BeforeEach
    void load() throws Exception {
        initial = InitialModels.of(MODEL, SavedBags.PLACE, CONFIG);
    }

    private static void send(BagsHarness bags, TestBag bag, double label) throws Exception {
        bags.send(bag.records(bags.events));
        bags.send(bags.events.label(bag.label(label, 0).build()));
    }

    private static List<SiteChange> changes(BagsHarness bags) {
        return bags.side(Bags.CHANGES).stream()
                .flatMap(changes -> changes.getChanges().stream())
                .toList();
    }

    @Test
    void theFirstBagIsPredictedByTheModel() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG, initial)) {
            bags.send(NEW.records(bags.events));
            bags.send(OLD.records(bags.events));

            List<Prediction> arrivals = bags.predictions(PredictionKind.ARRIVAL);
            assertThat(arrivals).hasSize(2);
            assertThat(arrivals.get(0).getProbability()).isCloseTo(SavedBags.probability(MODEL, NEW), within(1e-12));
            assertThat(arrivals.get(1).getProbability()).isCloseTo(SavedBags.probability(MODEL, OLD), within(1e-12));
            assertThat(arrivals).allSatisfy(arrival -> {
                assertThat(arrival.getStatus()).isEqualTo(PredictionStatus.OK);
                assertThat(arrival.getLabelledBags()).isEqualTo(9);
                assertThat(arrival.getPosteriorVersion()).isZero();
            });
            assertThat(arrivals).extracting(Prediction::getInTraining).containsExactly(false, true);
        }
    }

    @Test
    void aLearntSampleIsNotLearntTwice() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG, initial)) {
            bags.send(bags.events.label(LEARNT.get(4).label(1, 0).build()));
            bags.send(LEARNT.get(4).records(bags.events));
            send(bags, OLD, 2);
            bags.send(bags.events.label(OLD.label(0, 1).build()));
            bags.command(bags.events.scoreAll("c", 1));

            assertThat(changes(bags)).hasSize(3).allSatisfy(change -> {
                assertThat(change.getAdded()).isNull();
                assertThat(change.getRemoved()).isNull();
            });
            assertThat(bags.side(Bags.SCORED)).isEmpty();
            assertThat(bags.predictions(PredictionKind.FINAL)).hasSize(2).allMatch(Prediction::getInTraining);
        }
    }

    /** It is known by all of its cells, of which the job keeps a part. */
    @Test
    void aLearntSampleIsKnownWhateverTheLimitOfCells() throws Exception {
        JobConfig limited = Events.config(Map.of("bag.max-cells", "2"));
        try (BagsHarness bags = BagsHarness.start(limited, initial)) {
            send(bags, OLD, 2);

            assertThat(bags.predictions(PredictionKind.ARRIVAL))
                    .singleElement()
                    .matches(arrival -> arrival.getInTraining() && arrival.getUsedCells() == 2);
            assertThat(changes(bags)).singleElement().matches(change -> change.getAdded() == null);
        }
    }

    @Test
    void otherCellsUnderALearntNameAreANewBag() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG, initial)) {
            send(bags, OLD.revised(1), 2);

            assertThat(bags.predictions(PredictionKind.ARRIVAL))
                    .singleElement()
                    .matches(arrival -> !arrival.getInTraining());
            assertThat(changes(bags)).singleElement().matches(change -> change.getAdded() != null);
        }
    }

    @Test
    void aScalerFromElsewhereDoesNotReplaceThatOfTheModel() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG, initial)) {
            bags.publish(Events.scaler(CONFIG));
            bags.send(NEW.records(bags.events));

            assertThat(bags.predictions(PredictionKind.ARRIVAL).get(0).getProbability())
                    .isCloseTo(SavedBags.probability(MODEL, NEW), within(1e-12));
        }
    }

    @Test
    void aRestoreKeepsTheModelAndIgnoresTheSetting() throws Exception {
        OperatorSubtaskState state;
        try (BagsHarness bags = BagsHarness.start(CONFIG, initial)) {
            state = bags.snapshot();
        }
        List<InitialModel> other = SavedBags.initial(SavedBags.named("other", 5), CONFIG);
        for (List<InitialModel> setting : List.of(List.<InitialModel>of(), other)) {
            try (BagsHarness bags = BagsHarness.restore(CONFIG, setting, state, 1, 2)) {
                send(bags, OLD, 2);
                Prediction arrival = bags.predictions(PredictionKind.ARRIVAL).get(0);
                assertThat(arrival.getProbability()).isCloseTo(SavedBags.probability(MODEL, OLD), within(1e-12));
                assertThat(arrival.getInTraining()).isTrue();
                assertThat(changes(bags)).singleElement().matches(change -> change.getAdded() == null);
            }
        }
        try (BagsHarness before = BagsHarness.startWithScaler(CONFIG)) {
            state = before.snapshot();
        }
        try (BagsHarness bags = BagsHarness.restore(CONFIG, initial, state, 1, 1)) {
            bags.send(OLD.records(bags.events));
            assertThat(bags.predictions(PredictionKind.ARRIVAL).get(0).getStatus())
                    .isEqualTo(PredictionStatus.WARMUP);
        }
    }
}
