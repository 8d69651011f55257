package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.ModelOrigin;
import io.gmil.schema.Phase;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.learn.UpdatePosterior;
import io.gmil.stream.state.SiteChanges;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The learner of a job that began with a saved model of nine bags. */
class UpdatePosteriorInitialModelTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final List<TestBag> LEARNT = SavedBags.named("old", 9);

    private List<InitialModel> initial;

    @BeforeEach
    void load() throws Exception {
        initial = SavedBags.initial(LEARNT, CONFIG);
    }

    @Test
    void theFirstVersionContinuesTheModelAndSaysWhereItComesFrom() throws Exception {
        try (var learner = open(initial, null)) {
            learner.processElement(changes(TestBag.of("new")), 0);

            List<Object> published = bodies(learner);
            assertThat(published).hasSize(4);
            assertThat(published.get(2)).isInstanceOf(Scaler.class);
            Posterior first = (Posterior) published.get(3);
            assertThat(first.getVersion()).isEqualTo(1);
            assertThat(first.getLabelledBags()).isEqualTo(10);
            assertThat(first.getPhase()).isEqualTo(Phase.SAMPLED);
            ModelOrigin origin = first.getOrigin();
            assertThat(origin.getPosteriorSha256())
                    .isEqualTo(initial.get(0).learner().getPosteriorSha256())
                    .hasSize(64);
            assertThat(origin.getFingerprint()).isEqualTo("f1");
            assertThat(origin.getSeed()).isEqualTo(7);
            assertThat(origin.getCodeVersion()).isEqualTo("1.2");
            assertThat(origin.getLabelledBags()).isEqualTo(9);
            assertThat(audits(learner)).singleElement().satisfies(audit -> assertThat(audit.getOrigin())
                    .isEqualTo(origin));
        }
    }

    /** A job that only predicts begins with it as well, whether a label comes or not. */
    @Test
    void theModelIsPublishedAtTheStartAndNotAgain() throws Exception {
        OperatorSubtaskState state;
        try (var learner = open(initial, null)) {
            List<Object> published = bodies(learner);
            assertThat(published).hasSize(2);
            assertThat(published.get(0)).isInstanceOf(Scaler.class);
            Posterior posterior = (Posterior) published.get(1);
            assertThat(posterior.getVersion()).isZero();
            assertThat(posterior.getLabelledBags()).isEqualTo(9);
            assertThat(posterior.getSettled()).isTrue();
            assertThat(posterior.getOrigin().getLabelledBags()).isEqualTo(9);
            state = learner.snapshot(1, 1);
        }
        try (var learner = open(initial, state)) {
            assertThat(bodies(learner)).isEmpty();
        }
    }

    @Test
    void aLabelThatTheModelHasIsAuditedAndMakesNoVersion() throws Exception {
        try (var learner = open(initial, null)) {
            learner.processElement(changes(LEARNT.get(2)), 0);
            learner.advanceTime(5000);

            assertThat(newest(learner).getVersion()).isZero();
            Audit audit = audits(learner).get(0);
            assertThat(audit.getVersion()).isZero();
            assertThat(audit.getAdded()).isEmpty();
            assertThat(audit.getAlreadyLearnt()).containsExactly(new LabelledSample("old2", 0, 0));
            assertThat(audit.getOrigin().getLabelledBags()).isEqualTo(9);
        }
    }

    @Test
    void aSavepointKeepsTheModelBeforeAndAfterTheFirstLabel() throws Exception {
        OperatorSubtaskState untouched;
        OperatorSubtaskState begun;
        try (var learner = open(initial, null)) {
            untouched = learner.snapshot(1, 1);
            learner.processElement(changes(TestBag.of("new")), 0);
            begun = learner.snapshot(2, 2);
        }
        List<InitialModel> other = SavedBags.initial(SavedBags.named("other", 5), CONFIG);
        for (List<InitialModel> setting : List.of(List.<InitialModel>of(), other)) {
            try (var learner = open(setting, untouched)) {
                learner.processElement(changes(TestBag.of("new")), 0);
                assertThat(newest(learner).getLabelledBags()).isEqualTo(10);
            }
            try (var learner = open(setting, begun)) {
                learner.processElement(changes(TestBag.of("newer")), 0);
                learner.advanceTime(5000);
                assertThat(newest(learner).getLabelledBags()).isEqualTo(11);
                assertThat(newest(learner).getOrigin().getLabelledBags()).isEqualTo(9);
            }
        }
    }

    @Test
    void aStateWithoutModelIgnoresTheSetting() throws Exception {
        OperatorSubtaskState state;
        try (var learner = open(List.of(), null)) {
            state = learner.snapshot(1, 1);
        }
        try (var learner = open(initial, state)) {
            learner.processElement(changes(TestBag.of("new")), 0);
            assertThat(newest(learner).getLabelledBags()).isEqualTo(1);
            assertThat(newest(learner).getOrigin()).isNull();
        }
    }

    /** What a labelled bag of a job that began with the model makes. */
    private SiteChanges changes(TestBag bag) throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG, initial)) {
            bags.send(bag.records(bags.events));
            bags.send(bags.events.label(bag.label(2, 0).build()));
            return bags.side(Bags.CHANGES).get(0);
        }
    }

    private static KeyedHarness<SiteChanges, PosteriorMessage> open(
            List<InitialModel> setting, OperatorSubtaskState state) throws Exception {
        return Learners.open(CONFIG, setting, state);
    }

    private static List<Object> bodies(KeyedHarness<SiteChanges, PosteriorMessage> learner) {
        return learner.extractOutputValues().stream()
                .map(PosteriorMessage::getBody)
                .toList();
    }

    private static Posterior newest(KeyedHarness<SiteChanges, PosteriorMessage> learner) {
        List<Object> published = bodies(learner);
        return (Posterior) published.get(published.size() - 1);
    }

    private static List<Audit> audits(KeyedHarness<SiteChanges, PosteriorMessage> learner) {
        return learner.getSideOutput(UpdatePosterior.AUDIT).stream()
                .map(StreamRecord::getValue)
                .toList();
    }
}
