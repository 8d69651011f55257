package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.BagMeanMoments;
import io.gmil.model.Scores;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.evaluate.Evaluate;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.ScoredBag;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.StoredSite;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The present code goes on from the state of every version there was. The files are never overwritten: state of a new
 * version gets a folder of its own, which {@link StateRelease} writes.
 */
class SavedStateTest {

    static Stream<Integer> versions() throws Exception {
        return SavedState.versions();
    }

    static Stream<Arguments> versionsAndParallelisms() throws Exception {
        return SavedState.versions().flatMap(version -> Stream.of(1, 2).map(tasks -> Arguments.of(version, tasks)));
    }

    @Test
    void thePresentVersionIsAmongThem() {
        assertThat(SavedState.class.getResource("/state/" + RestoredSettings.VERSION + "/bags"))
                .isNotNull();
    }

    private static LearningLoop restore(int version, int parallelism) throws Exception {
        return LearningLoop.restore(
                SavedState.CONFIG,
                SavedState.read(version, "bags"),
                SavedState.read(version, "update-posterior"),
                parallelism);
    }

    @ParameterizedTest
    @MethodSource("versionsAndParallelisms")
    void bagsThatWereUnderWayArePredictedByThePosteriorThereWasAndLearnt(int version, int parallelism)
            throws Exception {
        try (LearningLoop loop = restore(version, parallelism)) {
            loop.assertSumOfSitesEqualsState();
            loop.bags.send(SavedState.HALF.records(loop.bags.events).subList(2, 4));
            loop.bags.send(SavedState.EARLY.records(loop.bags.events));
            List<Prediction> arrivals = loop.bags.predictions(PredictionKind.ARRIVAL);
            assertThat(arrivals)
                    .extracting(Prediction::getSampleId)
                    .containsExactlyInAnyOrder(SavedState.HALF.sample(), SavedState.EARLY.sample());
            Prediction first = arrivals.get(0);
            assertThat(first.getPosteriorVersion()).isGreaterThan(2);
            assertThat(first.getLabelledBags()).isEqualTo(SavedState.LEARNT.size());

            loop.turn(3);
            assertThat(loop.ledger.samples())
                    .hasSize(SavedState.LEARNT.size() + 1)
                    .contains(SavedState.EARLY.sample())
                    .doesNotContain(SavedState.HALF.sample());
            loop.assertSumOfSitesEqualsState();
            assertThat(loop.newest.getVersion()).isGreaterThan(first.getPosteriorVersion());
            assertThat(loop.newest.getGeneration()).isGreaterThan(first.getPosteriorGeneration());
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndParallelisms")
    void aCorrectedLabelMovesItsSiteAlone(int version, int parallelism) throws Exception {
        try (LearningLoop loop = restore(version, parallelism)) {
            TestBag bag = SavedState.LEARNT.get(1);
            StoredSite before = loop.ledger.site(bag.sample());
            loop.bags.send(loop.bags.events.label(bag.label(0, 1).build()));
            List<SiteChange> changes = loop.bags.side(Bags.CHANGES).stream()
                    .flatMap(each -> each.getChanges().stream())
                    .toList();
            assertThat(changes).hasSize(1);
            assertThat(changes.get(0).getSampleId()).isEqualTo(bag.sample());
            assertThat(changes.get(0).getRemoved()).isEqualTo(before);
            assertThat(changes.get(0).getAdded().getLabelRevision()).isEqualTo(1);
            loop.assertSumOfSitesEqualsState();

            loop.bags.send(
                    loop.bags.events.label(SavedState.UNLABELLED.label(2, 0).build()));
            loop.turn(5);
            loop.assertSumOfSitesEqualsState();
            assertThat(loop.ledger.samples())
                    .hasSize(SavedState.LEARNT.size() + 1)
                    .contains(SavedState.UNLABELLED.sample());
            assertThat(loop.newest.getLabelledBags()).isEqualTo(SavedState.LEARNT.size() + 1);
        }
    }

    @ParameterizedTest
    @MethodSource("versionsAndParallelisms")
    void whoWasErasedStaysAwayAndNobodyIsPredictedTwice(int version, int parallelism) throws Exception {
        try (LearningLoop loop = restore(version, parallelism)) {
            BagsHarness bags = loop.bags;
            bags.send(SavedState.GONE.records(bags.events));
            bags.send(bags.events.label(SavedState.GONE.label(1, 3).build()));
            assertThat(bags.side(Bags.DEAD_LETTERS))
                    .hasSize(5)
                    .extracting(DeadLetter::getCause)
                    .allMatch(cause -> cause.contains("who was erased"));

            bags.send(SavedState.LEARNT.get(0).records(bags.events));
            bags.send(SavedState.UNLABELLED.records(bags.events));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
            bags.command(bags.events.scoreAll("final", 1));
            assertThat(bags.predictions(PredictionKind.FINAL))
                    .hasSize(SavedState.LEARNT.size() + 1)
                    .extracting(Prediction::getSampleId)
                    .contains(SavedState.UNLABELLED.sample())
                    .doesNotContain(SavedState.GONE.sample());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aScalerIsFittedOnceAndAnotherGoesOnToBe(int version) throws Exception {
        try (var scaler = SavedState.scaler(SavedState.read(version, "fit-scaler"))) {
            List<ScalerInput> moments = SavedState.moments(SavedState.CONFIG.scalerBags());
            for (ScalerInput input : moments) {
                scaler.processElement(input, 0);
            }
            assertThat(scaler.extractOutputValues()).isEmpty();
            scaler.processElement(SavedState.ofAnotherVersion(moments.get(moments.size() - 1)), 0);
            Scaler fitted = (Scaler) scaler.extractOutputValues().get(0).getBody();
            assertThat(fitted.getEmbeddingVersion()).isEqualTo("2");
            assertThat(fitted.getCells())
                    .isEqualTo(moments.stream().mapToLong(ScalerInput::getCells).sum());
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void evaluationsGoOnCounting(int version) throws Exception {
        try (var evaluate =
                KeyedHarness.open(new Evaluate(), ScoredBag::getModel, SavedState.read(version, "evaluate"))) {
            evaluate.processElement(SavedState.scored(SavedState.SCORED), 0);
            evaluate.advanceTime(10_000);
            List<ScoredBag> all = IntStream.rangeClosed(0, SavedState.SCORED)
                    .mapToObj(SavedState::scored)
                    .toList();
            Evaluation evaluation = evaluate.extractOutputValues().get(0);
            assertThat(evaluation.getScored()).isEqualTo(all.size());
            assertThat(evaluation.getWindowScored()).isEqualTo(all.size());
            assertThat(evaluation.getLogLoss())
                    .isCloseTo(
                            Scores.logLoss(
                                    all.stream()
                                            .mapToDouble(ScoredBag::getProbability)
                                            .toArray(),
                                    all.stream()
                                            .mapToDouble(ScoredBag::getValue)
                                            .toArray(),
                                    all.stream()
                                            .mapToDouble(ScoredBag::getTrials)
                                            .toArray()),
                            within(1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void meansOfBagsGoOnBeingGathered(int version) throws Exception {
        var reference = SavedState.reference(SavedState.read(version, "fit-reference"));
        assertThat(reference.extractOutputValues()).isEmpty();
        reference.processElement(SavedState.means(BagMeanMoments.LEAST_BAGS).get(BagMeanMoments.LEAST_BAGS - 1), 0);
        List<PosteriorMessage> published = reference.extractOutputValues();
        assertThat(published).hasSize(1);
        assertThat(((Scaler) published.get(0).getBody()).getBagMeans()).isNotNull();
        reference.close();
    }
}
