package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.Topic;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import io.gmil.stream.state.SiteChanges;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

class CurrentGenerationTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final long NOW = 5_000_000;

    private final Events events = new Events(CONFIG);

    @Test
    void aStartOpensTheGenerationOfItsTime() throws Exception {
        try (PosteriorTopic topic = PosteriorTopic.open(null, NOW)) {
            assertThat(topic.beginning().getGeneration()).isEqualTo(NOW);
            assertThat(topic.beginning().getBegins()).isTrue();
        }
    }

    @Test
    void aRestoredJobOpensALaterOneThoughItsClockIsBehind() throws Exception {
        OperatorSubtaskState state;
        try (PosteriorTopic topic = PosteriorTopic.open(null, NOW)) {
            state = topic.snapshot(1);
        }
        try (PosteriorTopic topic = PosteriorTopic.open(state, NOW - 1000)) {
            assertThat(topic.beginning().getGeneration()).isEqualTo(NOW + 1);
        }
    }

    @Test
    void onlyPosteriorsOfThisGenerationPassAndEverythingElse() throws Exception {
        Posterior posterior = published(NOW);
        try (PosteriorTopic topic = PosteriorTopic.open(null, NOW)) {
            assertThat(topic.passes(event(posterior))).isTrue();
            posterior.setGeneration(NOW - 1);
            assertThat(topic.passes(event(posterior))).isFalse();
            // A hostile one would hide all that come after it.
            posterior.setGeneration(NOW + 1);
            assertThat(topic.passes(event(posterior))).isFalse();
            assertThat(topic.passes(events.posterior(Events.scaler(CONFIG)))).isTrue();
            // The bags operator tells what is wrong with it.
            BagEvent garbage = events.event(Topic.POSTERIOR, EventKind.POSTERIOR, "", new byte[] {1, 2, 3});
            assertThat(topic.passes(garbage)).isTrue();
        }
    }

    @Test
    void aLearnerPublishesNothingBeforeItKnowsItsGeneration() throws Exception {
        try (var learner = Learners.waiting(CONFIG, List.of(), null, new EmbeddedRocksDBStateBackend())) {
            learner.processElement(changes(), 0);
            learner.advanceTime(5000);
            assertThat(learner.extractOutputValues()).isEmpty();

            learner.processElement(CurrentGeneration.begins(NOW), 0);
            assertThat(newest(learner.extractOutputValues()).getGeneration()).isEqualTo(NOW);
        }
    }

    @Test
    void aLearnerThatRestedPublishesAtOnceAfterARestore() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            TestBag bag = TestBag.of("s");
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(1, 0).build()));
            loop.settle();
            Posterior rested = loop.newest;
            assertThat(rested.getSettled()).isTrue();

            var state = loop.checkpoint(1).learner();
            try (var restored = Learners.open(CONFIG, List.of(), state)) {
                Posterior next = newest(restored.extractOutputValues());
                assertThat(next.getVersion()).isEqualTo(rested.getVersion() + 1);
                assertThat(next.getGeneration()).isGreaterThan(rested.getGeneration());
            }
        }
    }

    private BagEvent event(Posterior posterior) {
        return events.posterior(new PosteriorMessage(posterior));
    }

    private static Posterior published(long generation) throws Exception {
        try (var learner = Learners.waiting(CONFIG, List.of(), null, new EmbeddedRocksDBStateBackend())) {
            learner.processElement(CurrentGeneration.begins(generation), 0);
            learner.processElement(changes(), 0);
            return newest(learner.extractOutputValues());
        }
    }

    private static Posterior newest(List<PosteriorMessage> published) {
        return (Posterior) published.get(published.size() - 1).getBody();
    }

    /** What a labelled bag makes. */
    private static SiteChanges changes() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            TestBag bag = TestBag.of("s");
            bags.send(bag.records(bags.events));
            bags.send(bags.events.label(bag.label(2, 0).build()));
            return bags.side(Bags.CHANGES).get(0);
        }
    }
}
