package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.ModelSpec;
import io.gmil.schema.Audit;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.learn.UpdatePosterior;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.SiteChanges;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/** Bags and learner with the feedback between them, turned by hand. */
final class LearningLoop implements AutoCloseable {

    static final String MODEL = model(Events.OUTCOME);

    final BagsHarness bags;
    final SiteLedger ledger;
    Posterior newest;

    final JobConfig config;
    private final Map<String, SiteLedger> ledgers;
    private final Map<String, Posterior> published = new HashMap<>();
    private final KeyedHarness<SiteChanges, PosteriorMessage> learner;
    private int read;
    private int snapshots = 1;

    /** What a checkpoint holds. The ledgers, by model, are the test's own. */
    record Checkpoint(
            OperatorSubtaskState bags,
            int parallelism,
            OperatorSubtaskState learner,
            Map<String, SiteLedger> ledgers) {}

    private LearningLoop(
            JobConfig config, BagsHarness bags, OperatorSubtaskState learner, Map<String, SiteLedger> ledgers)
            throws Exception {
        this.config = config;
        this.bags = bags;
        this.ledgers = ledgers;
        this.ledger = ledgers.computeIfAbsent(MODEL, absent -> new SiteLedger());
        this.learner = Learners.open(config, List.of(), learner);
    }

    static LearningLoop start(JobConfig config, int parallelism) throws Exception {
        BagsHarness bags = BagsHarness.restore(config, null, 1, parallelism);
        bags.publish(Events.scaler(config));
        return new LearningLoop(config, bags, null, new HashMap<>());
    }

    static LearningLoop restore(JobConfig config, Checkpoint from, int parallelism) throws Exception {
        BagsHarness bags = BagsHarness.restore(config, from.bags(), from.parallelism(), parallelism);
        return new LearningLoop(config, bags, from.learner(), from.ledgers());
    }

    /** From the state of one subtask; the ledger is read from it. */
    static LearningLoop restore(
            JobConfig config, OperatorSubtaskState bags, OperatorSubtaskState learner, int parallelism)
            throws Exception {
        BagsHarness restored = BagsHarness.restore(config, bags, 1, parallelism);
        return new LearningLoop(config, restored, learner, new HashMap<>(Map.of(MODEL, restored.sites(MODEL))));
    }

    static String model(String outcome) {
        return "test|" + outcome + "|pca|1|s1";
    }

    SiteLedger ledger(String outcome) {
        return ledgers.computeIfAbsent(model(outcome), absent -> new SiteLedger());
    }

    /** The newest posterior of an outcome since the start, or null. */
    Posterior newest(String outcome) {
        return published.get(outcome);
    }

    Checkpoint checkpoint(int parallelism) throws Exception {
        deliver();
        return new Checkpoint(bags.snapshot(), parallelism, learner.snapshot(1, 1), ledgers);
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
            ledger(changes.getModel().getOutcome()).apply(changes);
            learner.processElement(changes, 0);
        }
    }

    void turn() throws Exception {
        deliver();
        learner.advanceTime(300);
        for (; read < learner.extractOutputValues().size(); read++) {
            PosteriorMessage message = learner.extractOutputValues().get(read);
            Posterior next = (Posterior) message.getBody();
            Posterior before = published.put(next.getOutcome(), next);
            if (before != null) {
                assertThat(next.getVersion()).isGreaterThan(before.getVersion());
            }
            newest = published.get(Events.OUTCOME);
            bags.publish(message);
        }
    }

    /** Where the learner of an outcome stood when it was last stored. */
    LearnerState stored(String outcome) throws Exception {
        return learner.stored(
                model(outcome), new ValueStateDescriptor<>("loops", new AvroTypeInfo<>(LearnerState.class)));
    }

    /** What the learner publishes while time passes and nothing reaches it; the bags do not hear of it. */
    List<Posterior> publishedDuring(Duration time) throws Exception {
        int before = learner.extractOutputValues().size();
        for (int minute = 0; minute < time.toMinutes(); minute++) {
            learner.advanceTime(60_000);
        }
        read = learner.extractOutputValues().size();
        return learner.extractOutputValues().subList(before, read).stream()
                .map(message -> (Posterior) message.getBody())
                .toList();
    }

    /** Time passes at the learner alone. */
    void advanceTime(int millis) throws Exception {
        learner.advanceTime(millis);
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
        assertSumOfSitesEqualsState(Events.OUTCOME);
    }

    void assertSumOfSitesEqualsState(String outcome) throws Exception {
        deliver();
        learner.snapshot(++snapshots, 1);
        byte[] sums = learner.stored(
                model(outcome),
                new ValueStateDescriptor<>("sums", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        ModelSpec spec = PosteriorCodec.spec(2, Events.WIDTH, config);
        var summed = io.gmil.model.Posterior.fromBytes(sums, spec);
        var rebuilt = io.gmil.model.Posterior.fromBytes(sums, spec);
        rebuilt.rebuild(ledger(outcome).sites());
        assertThat(summed.labelledBags()).isEqualTo(ledger(outcome).sites().size());
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
