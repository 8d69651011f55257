package io.gmil.stream;

import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.StoredSite;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.util.IOUtils;
import org.apache.flink.util.OutputTag;

/** The bags operator on RocksDB at some parallelism, fed as the job feeds it. */
final class BagsHarness implements AutoCloseable {

    final Events events;

    private final JobConfig config;
    private final IssueTokens issueTokens;
    private final List<KeyedBroadcastOperatorTestHarness<Integer, BagEvent, BagEvent, Prediction>> subtasks =
            new ArrayList<>();

    private BagsHarness(JobConfig config) {
        this.config = config;
        this.events = new Events(config);
        this.issueTokens = new IssueTokens(config);
        issueTokens.open(null);
    }

    static BagsHarness start(JobConfig config) throws Exception {
        return start(config, List.of());
    }

    static BagsHarness start(JobConfig config, List<InitialModel> initial) throws Exception {
        return restore(config, initial, null, 1, 1);
    }

    /** An operator that already knows the scaler. */
    static BagsHarness startWithScaler(JobConfig config) throws Exception {
        BagsHarness harness = start(config);
        harness.publish(Events.scaler(config));
        return harness;
    }

    static BagsHarness restore(JobConfig config, OperatorSubtaskState state, int before, int parallelism)
            throws Exception {
        return restore(config, List.of(), state, before, parallelism);
    }

    static BagsHarness restore(
            JobConfig config, List<InitialModel> initial, OperatorSubtaskState state, int before, int parallelism)
            throws Exception {
        return restore(config, initial, state, before, parallelism, new EmbeddedRocksDBStateBackend());
    }

    static BagsHarness restore(
            JobConfig config,
            List<InitialModel> initial,
            OperatorSubtaskState state,
            int before,
            int parallelism,
            StateBackend backend)
            throws Exception {
        return restore(config, () -> new Bags(config, initial), state, before, parallelism, backend);
    }

    /** The operator of a score-only job. */
    static BagsHarness scoring(JobConfig config, OperatorSubtaskState state, int before, int parallelism)
            throws Exception {
        return restore(
                config, () -> Bags.scoring(config), state, before, parallelism, new EmbeddedRocksDBStateBackend());
    }

    private static BagsHarness restore(
            JobConfig config,
            Supplier<Bags> bags,
            OperatorSubtaskState state,
            int before,
            int parallelism,
            StateBackend backend)
            throws Exception {
        BagsHarness harness = new BagsHarness(config);
        for (int i = 0; i < parallelism; i++) {
            var subtask = new KeyedBroadcastOperatorTestHarness<>(
                    new CoBroadcastWithKeyedOperator<>(bags.get(), List.of(Bags.POSTERIORS)),
                    BagEvent::getShard,
                    Types.INT,
                    config.shards(),
                    parallelism,
                    i);
            subtask.setStateBackend(backend);
            subtask.setup();
            if (state != null) {
                subtask.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, config.shards(), before, parallelism, i));
            }
            subtask.open();
            harness.subtasks.add(subtask);
        }
        return harness;
    }

    OperatorSubtaskState snapshot() throws Exception {
        return snapshot(1);
    }

    OperatorSubtaskState snapshot(long checkpoint) throws Exception {
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = subtasks.get(i).snapshot(checkpoint, 1);
        }
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    /** A canonical savepoint: holds what is in the state and nothing that was. */
    List<OperatorSubtaskState> savepoint() throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (var subtask : subtasks) {
            states.add(subtask.snapshotWithLocalState(2, 2, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                    .getJobManagerOwnedState());
        }
        return states;
    }

    void send(BagEvent event) throws Exception {
        subtasks.get(subtask(event.getShard())).processElement(event, 0);
    }

    void send(List<BagEvent> some) throws Exception {
        for (BagEvent event : some) {
            send(event);
        }
    }

    /** A message of the posterior topic: broadcast, then the tokens it makes. */
    void publish(PosteriorMessage message) throws Exception {
        BagEvent event = events.posterior(message);
        broadcast(event);
        send(tokens(event));
    }

    void broadcast(BagEvent event) throws Exception {
        for (var subtask : subtasks) {
            subtask.processBroadcastElement(event, 0);
        }
    }

    List<BagEvent> tokens(BagEvent message) throws Exception {
        List<BagEvent> out = new ArrayList<>();
        issueTokens.flatMap(message, new ListCollector<>(out));
        return out;
    }

    void command(BagEvent control) throws Exception {
        for (BagEvent pin : flatMapped(new Commands.ToPredictions(config), control)) {
            broadcast(pin);
        }
        send(flatMapped(new Commands.ToShards(config), control));
    }

    private static List<BagEvent> flatMapped(RichFlatMapFunction<BagEvent, BagEvent> function, BagEvent event)
            throws Exception {
        List<BagEvent> out = new ArrayList<>();
        function.open(null);
        function.flatMap(event, new ListCollector<>(out));
        return out;
    }

    void advanceTime(long millis) throws Exception {
        for (var subtask : subtasks) {
            subtask.setProcessingTime(subtask.getProcessingTime() + millis);
        }
    }

    /** The input has been read up to a time; the posterior topic is idle, as in the job. */
    void watermark(long time) throws Exception {
        for (var subtask : subtasks) {
            subtask.getTwoInputOperator().processWatermarkStatus2(WatermarkStatus.IDLE);
            subtask.processWatermark(time);
        }
    }

    List<Prediction> predictions(PredictionKind kind) {
        return subtasks.stream()
                .flatMap(subtask -> subtask.extractOutputValues().stream())
                .filter(prediction -> prediction.getKind() == kind)
                .toList();
    }

    /** Predictions since the last call. */
    List<Prediction> drainPredictions() {
        List<Prediction> drained = new ArrayList<>();
        for (var subtask : subtasks) {
            drained.addAll(subtask.extractOutputValues());
            subtask.getOutput().clear();
        }
        return drained;
    }

    <T> List<T> side(OutputTag<T> tag) {
        List<T> values = new ArrayList<>();
        for (var subtask : subtasks) {
            var records = subtask.getSideOutput(tag);
            if (records != null) {
                records.stream().map(StreamRecord::getValue).forEach(values::add);
            }
        }
        return values;
    }

    /** What has come out at a side since the last call. */
    <T> List<T> drain(OutputTag<T> tag) {
        List<T> values = side(tag);
        subtasks.stream()
                .map(subtask -> subtask.getSideOutput(tag))
                .filter(records -> records != null)
                .forEach(records -> records.clear());
        return values;
    }

    /** The sites of a model in the state of all shards. */
    SiteLedger sites(String model) throws Exception {
        var descriptor = new MapStateDescriptor<>("sites", Types.STRING, new AvroTypeInfo<>(StoredSite.class));
        SiteLedger ledger = new SiteLedger();
        Shards shards = new Shards(config.shards());
        for (int i = 0; i < shards.count(); i++) {
            var sites = ofShard(shards.key(i), descriptor);
            for (var site : sites.entries()) {
                String[] key = site.getKey().split("\u0000", -1);
                if (key[1].equals(model)) {
                    ledger.put(key[0], site.getValue());
                }
            }
        }
        return ledger;
    }

    /** Makes every shard forget a state by sample or other key, before the operator has read it. */
    void clear(MapStateDescriptor<String, ?> state) throws Exception {
        Shards shards = new Shards(config.shards());
        for (int i = 0; i < shards.count(); i++) {
            ofShard(shards.key(i), state).clear();
        }
    }

    private <T> MapState<String, T> ofShard(int shard, MapStateDescriptor<String, T> state) throws Exception {
        var operator = (CoBroadcastWithKeyedOperator<?, ?, ?, ?>)
                subtasks.get(subtask(shard)).getTwoInputOperator();
        var backend = operator.<Integer>getKeyedStateBackend();
        backend.setCurrentKey(shard);
        return backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, state);
    }

    private int subtask(int shard) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(shard, config.shards(), subtasks.size());
    }

    @Override
    public void close() {
        subtasks.forEach(IOUtils::closeQuietly);
    }

    /** Processing-time timers that are set. */
    int timers() {
        return subtasks.get(0).numProcessingTimeTimers();
    }
}
