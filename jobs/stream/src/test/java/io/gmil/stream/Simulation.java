package io.gmil.stream;

import io.gmil.schema.Audit;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.learn.UpdatePosterior;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.SiteChanges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;

/**
 * The bags, the learner and the scaler of a job between topics that are lists, turned step by step as a seed says: records are read,
 * changes travel, posteriors are fed back late or twice, time passes, checkpoints are taken, and the job crashes and comes back at
 * another parallelism, whereupon what was read since the checkpoint is read again and what was put out since is not committed.
 */
class Simulation implements AutoCloseable {

    static final JobConfig CONFIG = Events.config(Map.of(
            "shards",
            "4",
            "refresh.fraction",
            "0.33",
            "least.visits",
            "2",
            "staleness",
            "0.5",
            "bag.deadline",
            "365d",
            "scaler.bags",
            "3"));

    private static final HashMapStateBackend BACKEND = new HashMapStateBackend();
    private static final int MOST_STEPS_AT_REST = 400;

    /** What a checkpoint holds. */
    private record Checkpoint(
            OperatorSubtaskState bags,
            int parallelism,
            OperatorSubtaskState learner,
            OperatorSubtaskState fitter,
            OperatorSubtaskState reader,
            int read,
            int fedBack,
            SiteLedger ledger) {}

    private final Events events = new Events(CONFIG);
    final Schedule schedule;
    final List<Prediction> committed = new ArrayList<>();

    /** For each committed prediction how much of the log had been read. */
    final List<Integer> committedAt = new ArrayList<>();

    final List<Audit> audits = new ArrayList<>();
    final List<Posterior> published = new ArrayList<>();
    final List<String> trace = new ArrayList<>();
    SiteLedger ledger = new SiteLedger();

    final List<Scaler> scalers = new ArrayList<>();
    private final List<PosteriorMessage> topic = new ArrayList<>();
    private final List<Prediction> uncommitted = new ArrayList<>();
    private final List<Integer> uncommittedAt = new ArrayList<>();
    private final List<Audit> uncommittedAudits = new ArrayList<>();
    private final Deque<SiteChanges> travelling = new ArrayDeque<>();
    private final Deque<ScalerInput> moments = new ArrayDeque<>();
    private BagsHarness bags;
    private KeyedHarness<SiteChanges, PosteriorMessage> learner;
    private KeyedHarness<ScalerInput, PosteriorMessage> fitter;
    private PosteriorTopic reader;
    private long starts;
    private Checkpoint last;
    private int parallelism;
    private int read;
    private int fedBack;
    private int taken;
    private int fitted;
    private long checkpoints;

    Simulation(long seed) throws Exception {
        schedule = new Schedule(seed, CONFIG);
        parallelism = 1 + schedule.random.nextInt(3);
        open(null);
        if (schedule.random.nextInt(3) > 0) {
            setScaler();
            feedBack();
        }
        checkpoint();
    }

    private void open(Checkpoint from) throws Exception {
        bags = BagsHarness.restore(
                CONFIG,
                List.of(),
                from == null ? null : from.bags(),
                from == null ? 1 : from.parallelism(),
                parallelism,
                BACKEND);
        learner = Learners.waiting(CONFIG, List.of(), from == null ? null : from.learner(), BACKEND);
        reader = PosteriorTopic.open(from == null ? null : from.reader(), 1000 * ++starts);
        travelling.add(reader.beginning());
        fitter = KeyedHarness.open(
                new KeyedProcessOperator<>(new FitScaler(CONFIG, List.of())),
                ScalerInput::getKey,
                from == null ? null : from.fitter(),
                BACKEND);
        taken = 0;
        fitted = 0;
    }

    /** As by a command. */
    private void setScaler() throws Exception {
        PosteriorMessage scaler = Events.scaler(CONFIG);
        fit(PublishedScalers.input(scaler, Events.encode(scaler, PosteriorMessage.class))
                .build());
    }

    private void fit(ScalerInput input) throws Exception {
        fitter.processElement(input, 0);
        List<PosteriorMessage> out = fitter.extractOutputValues();
        for (; fitted < out.size(); fitted++) {
            topic.add(out.get(fitted));
            scalers.add((Scaler) out.get(fitted).getBody());
        }
    }

    /** Everything that the seed says, and then whatever is left until nothing happens any more. */
    void run() throws Exception {
        while (read < schedule.log.size()) {
            step();
        }
        if (scalers.isEmpty()) {
            // Too few bags have come to fit one.
            setScaler();
        }
        for (int i = 0; i < MOST_STEPS_AT_REST && !atRest(); i++) {
            travel();
            tick(300);
            feedBack();
        }
        checkpoint();
    }

    private boolean atRest() {
        return travelling.isEmpty()
                && moments.isEmpty()
                && fedBack == topic.size()
                && (published.isEmpty() || published.get(published.size() - 1).getSettled());
    }

    private void step() throws Exception {
        switch (schedule.random.nextInt(20)) {
            case 0 -> checkpoint();
            case 1 -> {
                if (schedule.random.nextInt(3) == 0) {
                    crash();
                }
            }
            case 2, 3, 4 -> travel();
            case 5, 6 -> tick(schedule.random.nextInt(300));
            case 7, 8 -> feedBack();
            default -> read();
        }
    }

    private void read() throws Exception {
        BagEvent event = schedule.log.get(read++);
        note("read " + (read - 1) + " " + event.getKind());
        if (event.getKind() == EventKind.CONTROL) {
            bags.command(event);
        } else {
            bags.send(event);
        }
        collect();
    }

    private void collect() {
        travelling.addAll(onItsWay(bags.drain(Bags.CHANGES)));
        moments.addAll(bags.drain(Bags.MOMENTS));
        for (Prediction prediction : bags.drainPredictions()) {
            uncommitted.add(prediction);
            uncommittedAt.add(read);
        }
    }

    /** Changes that the bags have put out; a planted bug loses some. */
    List<SiteChanges> onItsWay(List<SiteChanges> changes) {
        return changes;
    }

    private void travel() throws Exception {
        note("changes reach the learner");
        for (int some = schedule.random.nextInt(4); some >= 0 && !travelling.isEmpty(); some--) {
            deliver();
        }
        for (int some = schedule.random.nextInt(4); some > 0 && !moments.isEmpty(); some--) {
            pool();
        }
    }

    /** Moments of two shards may overtake each other; what is withdrawn comes after what it withdraws. */
    private void pool() throws Exception {
        ScalerInput first = moments.removeFirst();
        ScalerInput second = moments.peekFirst();
        if (second != null && second.getCells() > 0 && schedule.random.nextBoolean()) {
            fit(moments.removeFirst());
        }
        fit(first);
    }

    private void deliver() throws Exception {
        SiteChanges changes = travelling.removeFirst();
        ledger.apply(changes);
        learner.processElement(changes, 0);
        publish();
    }

    private void tick(int millis) throws Exception {
        note("time " + millis);
        bags.advanceTime(millis);
        learner.advanceTime(millis);
        collect();
        publish();
    }

    private void publish() {
        List<PosteriorMessage> out = learner.extractOutputValues();
        for (; taken < out.size(); taken++) {
            if (out.get(taken).getBody() instanceof Posterior posterior) {
                topic.add(out.get(taken));
                published.add(posterior);
            }
        }
        var records = learner.getSideOutput(UpdatePosterior.AUDIT);
        if (records != null) {
            records.forEach(record -> uncommittedAudits.add(record.getValue()));
            records.clear();
        }
    }

    /** At least once: now and then the one before comes again. */
    private void feedBack() throws Exception {
        note("posteriors are fed back up to " + topic.size());
        if (fedBack > 0 && schedule.random.nextInt(6) == 0) {
            fedBack--;
        }
        for (; fedBack < topic.size(); fedBack++) {
            if (current(topic.get(fedBack))) {
                bags.publish(topic.get(fedBack));
                published(topic.get(fedBack));
            }
        }
        collect();
    }

    /** Whether a message of the topic is not of an abandoned branch; a planted bug says so of all. */
    boolean current(PosteriorMessage message) throws Exception {
        return reader.passes(events.posterior(message));
    }

    /** A message of the topic comes to the operator that fits scalers; a planted bug lets it not. */
    void published(PosteriorMessage message) throws Exception {
        PublishedScalers reader = new PublishedScalers(CONFIG);
        reader.open(null);
        List<ScalerInput> out = new ArrayList<>();
        reader.flatMap(events.posterior(message), new ListCollector<>(out));
        for (ScalerInput scaler : out) {
            fit(scaler);
        }
    }

    /** Barriers push before them what is travelling. */
    private void checkpoint() throws Exception {
        note("checkpoint");
        while (!travelling.isEmpty()) {
            deliver();
        }
        while (!moments.isEmpty()) {
            pool();
        }
        checkpoints++;
        last = new Checkpoint(
                bags.snapshot(checkpoints),
                parallelism,
                learner.snapshot(checkpoints, 1),
                fitter.snapshot(checkpoints, 1),
                reader.snapshot(checkpoints),
                read,
                fedBack,
                ledger.copy());
        committed.addAll(uncommitted);
        committedAt.addAll(uncommittedAt);
        audits.addAll(uncommittedAudits);
        uncommittedAudits.clear();
        uncommitted.clear();
        uncommittedAt.clear();
    }

    private void crash() throws Exception {
        note("crash");
        bags.close();
        learner.close();
        fitter.close();
        reader.close();
        abandon(uncommitted, uncommittedAt);
        uncommittedAudits.clear();
        travelling.clear();
        moments.clear();
        parallelism = 1 + schedule.random.nextInt(3);
        open(last);
        read = last.read();
        fedBack = last.fedBack();
        ledger = last.ledger().copy();
    }

    /** What was put out since the last checkpoint is never committed; a planted bug commits it. */
    void abandon(List<Prediction> predictions, List<Integer> at) {
        predictions.clear();
        at.clear();
    }

    private void note(String step) {
        trace.add(step);
    }

    byte[] sums() throws Exception {
        return learner.stored(
                "test|Y|pca|1|" + scalers.get(0).getScalerId(),
                new ValueStateDescriptor<>("sums", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    /** Whether a text stands in a savepoint. */
    boolean holds(String text) throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>(bags.savepoint());
        states.add(last.learner());
        states.add(last.fitter());
        return SavepointText.of(states).contains(text);
    }

    List<Prediction> arrivals() {
        return committed.stream()
                .filter(prediction -> prediction.getKind() == PredictionKind.ARRIVAL)
                .toList();
    }

    @Override
    public void close() {
        bags.close();
        learner.close();
        fitter.close();
        reader.close();
    }
}
