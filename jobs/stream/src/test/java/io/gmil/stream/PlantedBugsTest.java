package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
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
        void abandon(List<Prediction> predictions, List<Integer> at) {
            committed.addAll(predictions);
            committedAt.addAll(at);
            super.abandon(predictions, at);
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
        void abandon(List<Prediction> predictions, List<Integer> at) {
            super.abandon(predictions, at);
            if (!published.isEmpty()) {
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
                .findFirst();
        assertThat(found).hasValueSatisfying(violation -> assertThat(violation).contains(invariant));
    }
}
