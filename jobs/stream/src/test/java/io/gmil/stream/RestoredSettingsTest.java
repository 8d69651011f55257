package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gmil.stream.state.StatePrior;
import io.gmil.stream.state.StateSettings;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.throwable.ThrowableClassifier;
import org.apache.flink.runtime.throwable.ThrowableType;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.operators.StreamFilter;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a job with other settings says to its state. Outcomes that come and go: {@link ChangedOutcomesTest}. */
class RestoredSettingsTest {

    private static final StateSettings STORED = RestoredSettings.of(SavedState.CONFIG);

    /** Real state: that of the present version, which the job of {@link SavedState} had stored. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "study      | other          | study: expected test as in the savepoint, got other",
                "covariates | age            | covariates: expected [] as in the savepoint, got [age]",
                "outcomes   | Y:binomial:3   | outcome: expected Y:binomial:2 as in the savepoint, got Y:binomial:3",
                "outcomes   | Z:bernoulli,Y:bernoulli | outcome: expected Y:binomial:2 as in the savepoint, got Y:bernoulli"
            })
    void stateThatIsNotRightUnderASettingIsRefusedByBothOperators(String key, String value, String cause)
            throws Exception {
        JobConfig changed = Events.config(Map.of(key, value));
        OperatorSubtaskState bags = SavedState.read(RestoredSettings.VERSION, "bags");
        OperatorSubtaskState learner = SavedState.read(RestoredSettings.VERSION, "update-posterior");

        RestoreRefused ofBags =
                catchThrowableOfType(RestoreRefused.class, () -> BagsHarness.restore(changed, bags, 1, 2)
                        .close());
        assertThat(ofBags).hasMessage("restored state: " + cause);
        assertThat(refused(changed, learner)).hasMessage("restored state: " + cause);
    }

    @Test
    void everyProblemIsNamedInOneLine() throws Exception {
        JobConfig changed = Events.config(Map.of("study", "other", "shards", "16"));
        assertThat(refused(changed, SavedState.read(RestoredSettings.VERSION, "update-posterior")))
                .hasMessage("restored state: study: expected test as in the savepoint, got other;"
                        + " shards: expected 8 as in the savepoint, got 16");
    }

    /** Another attempt would find the same. */
    @Test
    void theJobIsNotStartedAgain() throws Exception {
        JobConfig changed = Events.config(Map.of("study", "other"));
        Exception failure = new Exception(
                "of a task", refused(changed, SavedState.read(RestoredSettings.VERSION, "update-posterior")));
        assertThat(ThrowableClassifier.findThrowableOfThrowableType(failure, ThrowableType.NonRecoverableError))
                .isPresent();
    }

    @Test
    void settingsThatStateDoesNotDependOnMayChange() throws Exception {
        JobConfig changed =
                Events.config(Map.of("seed", "5", "staleness", "0.3", "scaler.bags", "7", "parallelism", "2"));
        try (LearningLoop loop = LearningLoop.restore(
                changed,
                SavedState.read(RestoredSettings.VERSION, "bags"),
                SavedState.read(RestoredSettings.VERSION, "update-posterior"),
                2)) {
            loop.advanceTime(12_000);
            loop.turn(3);
            assertThat(loop.newest.getLabelledBags()).isEqualTo(SavedState.LEARNT.size());
            loop.assertSumOfSitesEqualsState();
        }
    }

    @Test
    void anotherPriorIsRefused() throws Exception {
        StatePrior other = new StatePrior(0.5, 3.0, 10.0, "RANDOM");
        StateSettings before = StateSettings.newBuilder(STORED).setPrior(other).build();
        assertThat(refused(SavedState.CONFIG, written(List.of(before))))
                .hasMessageStartingWith("restored state: prior: expected {\"sigma2Gamma\": 0.5, \"sigma2Beta\": 3.0, ")
                .hasMessageContaining(" as in the savepoint, got {\"sigma2Gamma\": 0.5, \"sigma2Beta\": 10.0, ");
    }

    @Test
    void stateOfANewerVersionIsRefusedWhateverElseItSays() throws Exception {
        StateSettings newer = StateSettings.newBuilder(STORED)
                .setVersion(RestoredSettings.VERSION + 1)
                .setStudy("other")
                .build();
        assertThat(refused(SavedState.CONFIG, written(List.of(newer))))
                .hasMessage(
                        "state version: expected at most %d, got %d; the savepoint is that of a newer release, which"
                                + " can go on from it",
                        RestoredSettings.VERSION, RestoredSettings.VERSION + 1);
    }

    @Test
    void stateFromBeforeThereWereVersionsIsTakenAsItIs() throws Exception {
        try (var learner = open(SavedState.CONFIG, written(List.of()))) {
            OperatorSubtaskState numbered = learner.snapshot(1, 1);
            assertThat(refused(Events.config(Map.of("study", "other")), numbered))
                    .hasMessageContaining("study");
        }
    }

    private static RestoreRefused refused(JobConfig config, OperatorSubtaskState learner) {
        return catchThrowableOfType(
                RestoreRefused.class, () -> open(config, learner).close());
    }

    private static KeyedHarness<?, ?> open(JobConfig config, OperatorSubtaskState state) throws Exception {
        return Learners.open(config, List.of(), state);
    }

    /** Operator state that holds such settings and nothing else. */
    private static OperatorSubtaskState written(List<StateSettings> settings) throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<>(new StreamFilter<>(new Writer(settings)));
        harness.open();
        OperatorSubtaskState state = harness.snapshot(1, 1);
        harness.close();
        return state;
    }

    private record Writer(List<StateSettings> settings) implements FilterFunction<String>, CheckpointedFunction {

        @Override
        public boolean filter(String value) {
            return true;
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            context.getOperatorStateStore()
                    .getUnionListState(RestoredSettings.STATE)
                    .update(settings);
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {
            // Written at the start.
        }
    }
}
