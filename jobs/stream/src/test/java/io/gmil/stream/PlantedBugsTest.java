package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.state.LearnerOrderKind;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.junit.jupiter.api.Test;

/** The simulation finds what is wrong when something is. */
class PlantedBugsTest {

    private static final int SEEDS = 200;

    /** Outputs of an abandoned branch are committed: at-least-once sinks. */
    private static final class CommittedTwice extends Simulation {
        CommittedTwice(long seed) throws Exception {
            super(seed);
        }

        @Override
        void abandon(Sink<?> sink) {
            sink.commit();
        }
    }

    /** A site that is taken out stays in the sums. */
    private static final class RemovalLost extends Simulation {
        RemovalLost(long seed) throws Exception {
            super(seed);
        }

        @Override
        List<SiteChanges> onItsWay(List<SiteChanges> changes) {
            return changes.stream()
                    .filter(each -> each.getChanges().stream().noneMatch(change -> change.getAdded() == null))
                    .toList();
        }
    }

    /** A corrected label is added beside the old one. */
    private static final class CorrectionAdded extends Simulation {
        CorrectionAdded(long seed) throws Exception {
            super(seed);
        }

        @Override
        List<SiteChanges> onItsWay(List<SiteChanges> changes) {
            for (SiteChanges each : changes) {
                for (SiteChange change : each.getChanges()) {
                    if (change.getAdded() != null
                            && change.getRemoved() != null
                            && change.getAdded().getLabelRevision()
                                    != change.getRemoved().getLabelRevision()) {
                        change.setRemoved(null);
                    }
                }
            }
            return changes;
        }
    }

    /** A bag that comes is predicted but not learnt. */
    private static final class AdditionLost extends Simulation {
        AdditionLost(long seed) throws Exception {
            super(seed);
        }

        @Override
        List<SiteChanges> onItsWay(List<SiteChanges> changes) {
            List<SiteChanges> kept = new ArrayList<>(changes);
            kept.removeIf(each -> each.getChanges().stream()
                    .anyMatch(change -> change.getSampleId().startsWith("sample-3") && change.getRemoved() == null));
            return kept;
        }
    }

    /** A version that is published again after a crash. */
    private static final class VersionRepeated extends Simulation {
        VersionRepeated(long seed) throws Exception {
            super(seed);
        }

        @Override
        void abandon(Sink<?> sink) {
            super.abandon(sink);
            if (sink == predictions && !published.isEmpty()) {
                published.add(published.get(published.size() - 1));
            }
        }
    }

    /** What fits scalers is not told which one the bags go by. */
    private static final class ScalerNotHeard extends Simulation {
        ScalerNotHeard(long seed) throws Exception {
            super(seed);
        }

        @Override
        void published(PosteriorMessage message) {
            // Not passed on.
        }
    }

    /** Posteriors of an abandoned branch are taken for those of this one. */
    private static final class AbandonedPosteriors extends Simulation {
        AbandonedPosteriors(long seed) throws Exception {
            super(seed);
        }

        @Override
        boolean current(PosteriorMessage message) {
            return true;
        }
    }

    /** Attention goes to a sink that is not part of the transaction. */
    private static final class AttentionTwice extends Simulation {
        AttentionTwice(long seed) throws Exception {
            super(seed);
        }

        @Override
        void abandon(Sink<?> sink) {
            if (sink == attention) {
                sink.commit();
            }
            super.abandon(sink);
        }
    }

    /** So do receipts. */
    private static final class ReceiptTwice extends Simulation {
        ReceiptTwice(long seed) throws Exception {
            super(seed);
        }

        @Override
        void abandon(Sink<?> sink) {
            if (sink == receipts) {
                sink.commit();
            }
            super.abandon(sink);
        }
    }

    /** A version is published without an audit record. */
    private static final class AuditLost extends Simulation {
        AuditLost(long seed) throws Exception {
            super(seed);
        }

        @Override
        List<Audit> auditsOf(List<Audit> some) {
            return some.stream().filter(audit -> audit.getVersion() != 2).toList();
        }
    }

    /** A bag is dropped at its deadline without a word. */
    private static final class DeadLetterLost extends Simulation {
        DeadLetterLost(long seed) throws Exception {
            super(seed);
        }

        @Override
        List<DeadLetter> lettersOf(List<DeadLetter> some) {
            return some.stream().filter(letter -> letter.getSampleId() == null).toList();
        }
    }

    /** The learner does not hear that learning goes on. */
    private static final class ResumeLost extends Simulation {
        ResumeLost(long seed) throws Exception {
            super(seed);
        }

        @Override
        List<SiteChanges> onItsWay(List<SiteChanges> changes) {
            return changes.stream()
                    .filter(each -> each.getOrder() == null || each.getOrder().getKind() != LearnerOrderKind.RESUME)
                    .toList();
        }
    }

    /** Inside the bags operator: which commands have been carried out is not remembered. */
    private static final class CommandsForgotten extends Simulation {
        CommandsForgotten(long seed) throws Exception {
            super(seed);
        }

        @Override
        void beforeCommand(BagsHarness bags) throws Exception {
            bags.clear(new MapStateDescriptor<>("commands", Types.STRING, Types.INT));
        }
    }

    /** Inside the bags operator: a shard loses its deadlines in a restore. */
    private static final class DeadlinesForgotten extends Simulation {
        DeadlinesForgotten(long seed) throws Exception {
            super(seed);
        }

        @Override
        void restored(BagsHarness bags) throws Exception {
            bags.clear(new MapStateDescriptor<>("deadlines", Types.STRING, Types.LONG));
        }
    }

    @Test
    void attentionCommittedTwiceIsFound() {
        assertFound(AttentionTwice::new, "EveryRevisionHasOneAttentionSummary");
    }

    @Test
    void receiptsCommittedTwiceAreFound() {
        assertFound(ReceiptTwice::new, "OneReceiptPerStage");
    }

    @Test
    void aLostAuditRecordIsFound() {
        assertFound(AuditLost::new, "AuditChainHasNoGaps");
    }

    @Test
    void aLostDeadLetterIsFound() {
        assertFound(DeadLetterLost::new, "EveryRejectedBagHasOneDeadLetter");
    }

    @Test
    void aLostOrderToResumeIsFound() {
        assertFound(ResumeLost::new, "EveryModelComesToRest");
    }

    @Test
    void forgottenCommandsAreFound() {
        assertFound(CommandsForgotten::new, "OneFinalPerSampleAndCommand");
    }

    @Test
    void forgottenDeadlinesAreFound() {
        assertFound(DeadlinesForgotten::new, "EveryRejectedBagHasOneDeadLetter");
    }

    @Test
    void outputsCommittedTwiceAreFound() {
        assertFound(CommittedTwice::new, "OneArrivalPredictionPerRevision");
    }

    @Test
    void aLostRemovalIsFound() {
        assertFound(RemovalLost::new, "NoLabelLearntTwice");
    }

    @Test
    void aCorrectionThatIsAddedIsFound() {
        assertFound(CorrectionAdded::new, "SumOfSitesEqualsState");
    }

    @Test
    void aLostAdditionIsFound() {
        assertFound(AdditionLost::new, "SumOfSitesEqualsState");
    }

    @Test
    void aRepeatedVersionIsFound() {
        assertFound(VersionRepeated::new, "PosteriorVersionIncreases");
    }

    @Test
    void aScalerOfAnAbandonedBranchIsFound() {
        assertFound(ScalerNotHeard::new, "OneScaler");
    }

    @Test
    void aPosteriorOfAnAbandonedBranchIsFound() {
        assertFound(AbandonedPosteriors::new, "EveryServedVersionIsAudited");
    }

    private static void assertFound(Violations.Maker bug, String invariant) {
        Optional<String> found = LongStream.range(0, SEEDS)
                .mapToObj(seed -> Violations.of(seed, bug))
                .flatMap(Optional::stream)
                .filter(violation -> violation.contains(invariant + ": "))
                .findFirst();
        assertThat(found).as("violation of %s", invariant).isPresent();
    }
}
