package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.learn.UpdatePosteriorOperator;
import io.gmil.stream.state.ModelId;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.StoredSite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionGraphTestUtils;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** The metric that is to alarm an operator names the model whose steps are refused. */
class RefusedStepsTest {

    private static final JobConfig CONFIG = Events.config(Map.of());

    /** By embedding version. */
    private final Map<String, Gauge<?>> refusedSteps = new HashMap<>();

    @Test
    @SuppressWarnings("try") // Closing what is of Flink may be interrupted.
    void everyModelCountsItsOwn() throws Exception {
        SiteChanges sound = change();
        try (MockEnvironment environment = environment();
                var learner = new KeyedOneInputStreamOperatorTestHarness<String, SiteChanges, PosteriorMessage>(
                        new UpdatePosteriorOperator(CONFIG, List.of()),
                        changes -> ModelIds.key(changes.getModel()),
                        Types.STRING,
                        environment)) {
            learner.setProcessingTime(1_000_000);
            learner.open();
            learner.processElement(CurrentGeneration.begins(1), 0);
            learner.processElement(sound, 0);
            learner.processElement(far(sound), 0);
            assertThat(refusedSteps).containsOnlyKeys("1", "2");
            assertThat(refusedSteps.get("1").getValue()).isEqualTo(0L);
            assertThat((Long) refusedSteps.get("2").getValue()).isPositive();
        }
    }

    private static SiteChanges change() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            TestBag bag = TestBag.of("s0");
            bags.send(bag.records(bags.events));
            bags.send(bags.events.label(bag.label(2, 0).build()));
            return bags.side(Bags.CHANGES).get(0);
        }
    }

    /** The same of another version of the embedding, with a site that pulls the mean far away. */
    private static SiteChanges far(SiteChanges sound) {
        SiteChange change = sound.getChanges().get(0);
        int dimension = Bytes.doubles(change.getAdded().getShift()).length;
        StoredSite far = StoredSite.newBuilder(change.getAdded())
                .setShift(Bytes.of(new Random(1).doubles(dimension, 1e6, 2e6).toArray()))
                .build();
        ModelId model =
                ModelId.newBuilder(sound.getModel()).setEmbeddingVersion("2").build();
        return SiteChanges.newBuilder(sound)
                .setModel(model)
                .setChanges(List.of(SiteChange.newBuilder(change).setAdded(far).build()))
                .build();
    }

    private MockEnvironment environment() {
        TestingMetricRegistry registry = TestingMetricRegistry.builder()
                .setRegisterConsumer((metric, name, group) -> {
                    if (name.equals("refusedSteps")) {
                        refusedSteps.put(group.getAllVariables().get("<embeddingVersion>"), (Gauge<?>) metric);
                    }
                })
                .build();
        TaskMetricGroup task = TaskManagerMetricGroup.createTaskManagerMetricGroup(
                        registry, "localhost", ResourceID.generate())
                .addJob(new JobID(), "job")
                .addTask(ExecutionGraphTestUtils.createExecutionAttemptId(), "task");
        return new MockEnvironmentBuilder().setMetricGroup(task).build();
    }
}
