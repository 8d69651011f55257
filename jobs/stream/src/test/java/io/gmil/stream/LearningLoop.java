package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.ModelSpec;
import io.gmil.schema.Audit;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.learn.UpdatePosterior;
import io.gmil.stream.learn.UpdatePosteriorOperator;
import io.gmil.stream.state.SiteChanges;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Bags and learner with the feedback between them, turned by hand. */
final class LearningLoop implements AutoCloseable {

    private static final String MODEL = "test|Y|pca|1|s1";

    final BagsHarness bags;
    final SiteLedger ledger;
    Posterior newest;

    private final JobConfig config;
    private final KeyedHarness<SiteChanges, PosteriorMessage> learner;
    private int published;
    private int snapshots = 1;

    /** What a checkpoint holds. The ledger is the test's own. */
    record Checkpoint(OperatorSubtaskState bags, int parallelism, OperatorSubtaskState learner, SiteLedger ledger) {}

    private LearningLoop(JobConfig config, BagsHarness bags, OperatorSubtaskState learner, SiteLedger ledger)
            throws Exception {
        this.config = config;
        this.bags = bags;
        this.ledger = ledger;
        this.learner = KeyedHarness.open(
                new UpdatePosteriorOperator(config, List.of()), changes -> ModelIds.key(changes.getModel()), learner);
    }

    static LearningLoop start(JobConfig config, int parallelism) throws Exception {
        BagsHarness bags = BagsHarness.restore(config, null, 1, parallelism);
        bags.publish(Events.scaler(config));
        return new LearningLoop(config, bags, null, new SiteLedger());
    }

    static LearningLoop restore(JobConfig config, Checkpoint from, int parallelism) throws Exception {
        BagsHarness bags = BagsHarness.restore(config, from.bags(), from.parallelism(), parallelism);
        return new LearningLoop(config, bags, from.learner(), from.ledger());
    }

    Checkpoint checkpoint(int parallelism) throws Exception {
        deliver();
        return new Checkpoint(bags.snapshot(), parallelism, learner.snapshot(1, 1), ledger);
    }

    /** Canonical, of both operators. */
    List<OperatorSubtaskState> savepoint() throws Exception {
        deliver();
        List<OperatorSubtaskState> states = new ArrayList<>(bags.savepoint());
        states.add(
                learner.snapshotWithLocalState(++snapshots, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                        .getJobManagerOwnedState());
        return states;
    }

    private void deliver() throws Exception {
        for (SiteChanges changes : bags.drain(Bags.CHANGES)) {
            ledger.apply(changes);
            learner.processElement(changes, 0);
        }
    }

    void turn() throws Exception {
        deliver();
        learner.advanceTime(300);
        for (; published < learner.extractOutputValues().size(); published++) {
            PosteriorMessage message = learner.extractOutputValues().get(published);
            Posterior next = (Posterior) message.getBody();
            if (newest != null) {
                assertThat(next.getVersion()).isGreaterThan(newest.getVersion());
            }
            newest = next;
            bags.publish(message);
        }
    }

    void turn(int times) throws Exception {
        for (int i = 0; i < times; i++) {
            turn();
        }
    }

    void settle() throws Exception {
        for (int i = 0; i < 400 && !(newest != null && newest.getSettled()); i++) {
            turn();
        }
    }

    List<Audit> audits() {
        return values(UpdatePosterior.AUDIT);
    }

    List<PosteriorMessage> history() {
        return values(UpdatePosterior.HISTORY);
    }

    private <T> List<T> values(OutputTag<T> tag) {
        var records = learner.getSideOutput(tag);
        return records == null
                ? List.of()
                : records.stream().map(StreamRecord::getValue).toList();
    }

    int openTimers() {
        return learner.numProcessingTimeTimers();
    }

    /** SumOfSitesEqualsState: the next step from the sums is that from sums made anew of the sites. */
    void assertSumOfSitesEqualsState() throws Exception {
        deliver();
        learner.snapshot(++snapshots, 1);
        byte[] sums = learner.stored(
                MODEL, new ValueStateDescriptor<>("sums", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        ModelSpec spec = PosteriorCodec.spec(2, Events.WIDTH, config);
        var summed = io.gmil.model.Posterior.fromBytes(sums, spec);
        var rebuilt = io.gmil.model.Posterior.fromBytes(sums, spec);
        rebuilt.rebuild(ledger.sites());
        assertThat(summed.labelledBags()).isEqualTo(ledger.sites().size());
        assertThat(summed.step().moved()).isCloseTo(rebuilt.step().moved(), within(1e-9));
        assertThat(summed.snapshot(0, 0).mean())
                .containsExactly(rebuilt.snapshot(0, 0).mean(), within(1e-9));
        assertThat(summed.snapshot(0, 0).draws(1))
                .containsExactly(rebuilt.snapshot(0, 0).draws(1), within(1e-9));
    }

    @Override
    public void close() {
        bags.close();
        learner.close();
    }
}
