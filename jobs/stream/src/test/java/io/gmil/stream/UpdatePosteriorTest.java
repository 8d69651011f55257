package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.learn.UpdatePosterior;
import io.gmil.stream.state.SiteChanges;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

class UpdatePosteriorTest {

    private static final JobConfig CONFIG = Events.config(Map.of());

    @Test
    void aChangeMakesAVersionWithItsAudit() throws Exception {
        try (var learner = open(null)) {
            learner.processElement(changes(1).get(0), 0);

            Posterior first = versions(learner).get(0);
            assertThat(first.getVersion()).isEqualTo(1);
            assertThat(first.getLabelledBags()).isEqualTo(1);
            assertThat(first.getOutcome()).isEqualTo(Events.OUTCOME);
            assertThat(first.getScalerId()).isEqualTo("s1");
            assertThat(first.getSettled()).isFalse();
            Audit audit = audits(learner).get(0);
            assertThat(audit.getVersion()).isEqualTo(1);
            assertThat(audit.getPreviousVersion()).isZero();
            assertThat(audit.getAdded()).containsExactly(new LabelledSample("s0", 0, 0));
            assertThat(audit.getRemoved()).isEmpty();
            assertThat(audit.getConfigFingerprint()).isEqualTo(CONFIG.fingerprint());
        }
    }

    @Test
    void aBurstOfLabelsIsOneVersion() throws Exception {
        try (var learner = open(null)) {
            List<SiteChanges> burst = changes(12);
            for (SiteChanges changes : burst) {
                learner.processElement(changes, 0);
            }
            assertThat(versions(learner)).hasSize(1);
            learner.advanceTime(300);

            List<Posterior> versions = versions(learner);
            assertThat(versions).hasSize(2);
            assertThat(versions.get(1).getLabelledBags()).isEqualTo(12);
            assertThat(audits(learner).get(1).getAdded()).hasSize(11);
        }
    }

    @Test
    void versionsGoOnWhileNobodyAnswers() throws Exception {
        try (var learner = open(null)) {
            learner.processElement(changes(1).get(0), 0);
            for (int i = 0; i < 5; i++) {
                learner.advanceTime(1000);
            }
            assertThat(versions(learner)).extracting(Posterior::getVersion).startsWith(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }

    @Test
    void aPosteriorThatRestsIsPublishedAgainNowAndThen() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            TestBag bag = TestBag.of("s0");
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(2, 0).build()));
            loop.settle();
            Posterior rests = loop.newest;
            assertThat(rests.getSettled()).isTrue();
            assertThat(Duration.between(rests.getPublishedAt(), rests.getNextBy()))
                    .isEqualTo(CONFIG.scoring().staleAfter());
            int audits = loop.audits().size();
            int history = loop.history().size();
            assertThat(loop.publishedDuring(Duration.ofMinutes(29))).isEmpty();
            assertThat(loop.publishedDuring(Duration.ofMinutes(2)))
                    .singleElement()
                    .satisfies(again -> {
                        assertThat(again.getVersion()).isEqualTo(rests.getVersion());
                        assertThat(again.getGeneration()).isEqualTo(rests.getGeneration());
                        assertThat(again.getMean()).isEqualTo(rests.getMean());
                        assertThat(again.getNextBy()).isAfterOrEqualTo(rests.getNextBy());
                    });
            assertThat(loop.publishedDuring(Duration.ofHours(3))).hasSizeBetween(5, 6);
            assertThat(loop.audits()).hasSize(audits);
            assertThat(loop.history()).hasSize(history);
        }
    }

    @Test
    void aRestoreContinuesTheVersionsInALaterGeneration() throws Exception {
        OperatorSubtaskState state;
        Posterior last;
        List<SiteChanges> changes = changes(3);
        try (var learner = open(null)) {
            learner.processElement(changes.get(0), 0);
            learner.advanceTime(1000);
            state = learner.snapshot(1, 1);
            last = versions(learner).get(versions(learner).size() - 1);
        }
        try (var learner = open(state)) {
            learner.advanceTime(5000);
            Posterior next = versions(learner).get(0);
            assertThat(next.getVersion()).isEqualTo(last.getVersion() + 1);
            assertThat(next.getGeneration()).isGreaterThan(last.getGeneration());
            assertThat(next.getLabelledBags()).isEqualTo(1);
            Audit audit = audits(learner).get(0);
            assertThat(audit.getPreviousGeneration()).isEqualTo(last.getGeneration());
            assertThat(audit.getPreviousVersion()).isEqualTo(last.getVersion());
        }
    }

    /** The changes that some labelled bags make. */
    private static List<SiteChanges> changes(int count) throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            for (int i = 0; i < count; i++) {
                TestBag bag = TestBag.of("s" + i);
                bags.send(bag.records(bags.events));
                bags.send(bags.events.label(bag.label(2, 0).build()));
            }
            return bags.side(Bags.CHANGES);
        }
    }

    private static KeyedHarness<SiteChanges, PosteriorMessage> open(OperatorSubtaskState state) throws Exception {
        return Learners.open(CONFIG, List.of(), state);
    }

    private static List<Posterior> versions(KeyedHarness<SiteChanges, PosteriorMessage> learner) {
        return learner.extractOutputValues().stream()
                .map(message -> (Posterior) message.getBody())
                .toList();
    }

    private static List<Audit> audits(KeyedHarness<SiteChanges, PosteriorMessage> learner) {
        return learner.getSideOutput(UpdatePosterior.AUDIT).stream()
                .map(record -> record.getValue())
                .toList();
    }
}
