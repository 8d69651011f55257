package io.gmil.stream;

import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
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
import java.util.HashMap;
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

    private static final HashMapStateBackend BACKEND = new HashMapStateBackend();
    /**
     * Most runs rest after a hundred. Refreshes have a share of the machine's own time, and a run that was kept waiting in one of them
     * has to be let go on with the others.
     */
    private static final int MOST_STEPS_AT_REST = 20_000;

    /** Longer than an erasure takes to be complete. */
    private static final int LONG_MILLIS = 3_000;

    /** When bags that are incomplete by then are overdue, in event time; those that begin later have their time. */
    private static final long OVERDUE_MILLIS = 7_200_000;

    /** The command to score all bags in the end. */
    static final String AT_LAST = "f2";

    /** What a checkpoint holds. */
    private record Checkpoint(
            OperatorSubtaskState bags,
            int parallelism,
            OperatorSubtaskState learner,
            OperatorSubtaskState fitter,
            OperatorSubtaskState reader,
            int read,
            int fedBack,
            Map<String, SiteLedger> ledgers) {}

    final Schedule schedule;
    final ExpectedBags expected;
    final Sink<Prediction> predictions = new Sink<>();
    final Sink<AttentionSummary> attention = new Sink<>();
    final Sink<DeadLetter> letters = new Sink<>();
    final Sink<Audit> audits = new Sink<>();
    final Sink<Audit> receipts = new Sink<>();
    final List<Posterior> published = new ArrayList<>();
    final List<Scaler> scalers = new ArrayList<>();
    final List<String> trace = new ArrayList<>();

    private final List<Sink<?>> sinks = List.of(predictions, attention, letters, audits, receipts);
    private final List<PosteriorMessage> topic = new ArrayList<>();
    private final List<SiteChanges> travelling = new ArrayList<>();
    private final Deque<ScalerInput> moments = new ArrayDeque<>();
    private final JobConfig config;
    private final Events events;
    private final PublishedScalers publishedScalers;
    private Map<String, SiteLedger> ledgers = new HashMap<>();

    /** By outcome, of this start. */
    private final Map<String, Posterior> newest = new HashMap<>();

    private BagsHarness bags;
    private KeyedHarness<SiteChanges, PosteriorMessage> learner;
    private KeyedHarness<ScalerInput, PosteriorMessage> fitter;
    private PosteriorTopic reader;
    private long starts;
    private Checkpoint last;
    private int parallelism;
    private int read;
    private int fedBack;
    private int wall;
    private long checkpoints;

    Simulation(long seed) throws Exception {
        schedule = new Schedule(seed);
        expected = new ExpectedBags(schedule);
        config = schedule.config;
        events = new Events(config);
        publishedScalers = new PublishedScalers(config);
        publishedScalers.open(null);
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
                config,
                List.of(),
                from == null ? null : from.bags(),
                from == null ? 1 : from.parallelism(),
                parallelism,
                BACKEND);
        learner = Learners.waiting(config, List.of(), from == null ? null : from.learner(), BACKEND);
        reader = PosteriorTopic.open(from == null ? null : from.reader(), 1000 * ++starts);
        travelling.add(reader.beginning());
        fitter = KeyedHarness.open(
                new KeyedProcessOperator<>(new FitScaler(config, List.of())),
                ScalerInput::getKey,
                from == null ? null : from.fitter(),
                BACKEND);
        if (from != null) {
            restored(bags);
        }
        bags.advanceTime(wall);
        collect();
    }

    /** As by a command. */
    private void setScaler() throws Exception {
        PosteriorMessage scaler = Events.scaler(config);
        fit(PublishedScalers.input(scaler, Events.encode(scaler, PosteriorMessage.class))
                .build());
    }

    private void fit(ScalerInput input) throws Exception {
        fitter.processElement(input, 0);
        for (PosteriorMessage message : fitter.drain()) {
            topic.add(message);
            scalers.add((Scaler) message.getBody());
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
        rest();
        tick(LONG_MILLIS);
        // A learner may not have told yet of the last that it was told.
        rest();
        bags.command(events.scoreAll(AT_LAST, 2));
        collect();
        checkpoint();
    }

    private void rest() throws Exception {
        for (int i = 0; i < MOST_STEPS_AT_REST && !atRest(); i++) {
            arrive();
            tick(300);
            feedBack();
        }
    }

    private boolean atRest() {
        return travelling.isEmpty()
                && moments.isEmpty()
                && fedBack == topic.size()
                && config.outcomes().stream().allMatch(outcome -> unrest(outcome.name()) == null);
    }

    /** What keeps the model of an outcome from resting; null for nothing. */
    String unrest(String outcome) {
        int labelled = ledger(outcome).samples().size();
        Posterior last = newest.get(outcome);
        if (last == null) {
            return labelled == 0 ? null : "no version has been published of " + labelled + " labelled bags";
        }
        return last.getSettled() && last.getLabelledBags() == labelled
                ? null
                : "version %d of %d labelled bags is %ssettled, with %d such bags in the shards"
                        .formatted(
                                last.getVersion(), last.getLabelledBags(), last.getSettled() ? "" : "not ", labelled);
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
        if (read == schedule.overdueAt) {
            note("bags become overdue");
            bags.watermark(OVERDUE_MILLIS);
        }
        BagEvent event = schedule.log.get(read++);
        note("read " + (read - 1) + " " + event.getKind());
        if (event.getKind() == EventKind.CONTROL) {
            beforeCommand(bags);
            bags.command(event);
        } else {
            bags.send(event);
        }
        collect();
    }

    /** Nothing; a planted bug makes the bags forget something. */
    void beforeCommand(BagsHarness bags) throws Exception {}

    /** Nothing; a planted bug makes the bags forget something. */
    void restored(BagsHarness bags) throws Exception {}

    private void collect() {
        travelling.addAll(onItsWay(bags.drain(Bags.CHANGES)));
        moments.addAll(bags.drain(Bags.MOMENTS));
        predictions.put(bags.drainPredictions(), read);
        attention.put(bags.drain(Bags.ATTENTION), read);
        letters.put(lettersOf(bags.drain(Bags.DEAD_LETTERS)), read);
        receipts.put(bags.drain(Bags.RECEIPTS), read);
    }

    /** Dead letters that the bags have put out; a planted bug loses some. */
    List<DeadLetter> lettersOf(List<DeadLetter> some) {
        return some;
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

    /** Whatever travels. */
    private void arrive() throws Exception {
        while (!travelling.isEmpty()) {
            deliver();
        }
        while (!moments.isEmpty()) {
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

    /** Changes of two shards may overtake each other. */
    private void deliver() throws Exception {
        int shard = travelling.get(schedule.random.nextInt(travelling.size())).getShard();
        int first = 0;
        while (travelling.get(first).getShard() != shard) {
            first++;
        }
        SiteChanges changes = travelling.remove(first);
        if (!changes.getBegins()) {
            ledger(changes.getModel().getOutcome()).apply(changes);
        }
        learner.processElement(changes, 0);
        publish();
    }

    private void tick(int millis) throws Exception {
        note("time " + millis);
        wall += millis;
        bags.advanceTime(millis);
        learner.advanceTime(millis);
        collect();
        publish();
    }

    private void publish() {
        for (PosteriorMessage message : learner.drain()) {
            if (message.getBody() instanceof Posterior posterior) {
                topic.add(message);
                published.add(posterior);
                newest.put(posterior.getOutcome(), posterior);
            }
        }
        audits.put(auditsOf(learner.drain(UpdatePosterior.AUDIT)), read);
    }

    /** Audit records that the learner has put out; a planted bug loses some. */
    List<Audit> auditsOf(List<Audit> some) {
        return some;
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
        List<ScalerInput> out = new ArrayList<>();
        publishedScalers.flatMap(events.posterior(message), new ListCollector<>(out));
        for (ScalerInput scaler : out) {
            fit(scaler);
        }
    }

    /** Barriers push before them what is travelling. */
    private void checkpoint() throws Exception {
        note("checkpoint");
        arrive();
        checkpoints++;
        last = new Checkpoint(
                bags.snapshot(checkpoints),
                parallelism,
                learner.snapshot(checkpoints, 1),
                fitter.snapshot(checkpoints, 1),
                reader.snapshot(checkpoints),
                read,
                fedBack,
                copy(ledgers));
        sinks.forEach(Sink::commit);
    }

    private static Map<String, SiteLedger> copy(Map<String, SiteLedger> ledgers) {
        Map<String, SiteLedger> copy = new HashMap<>();
        ledgers.forEach((outcome, ledger) -> copy.put(outcome, ledger.copy()));
        return copy;
    }

    private void crash() throws Exception {
        note("crash");
        bags.close();
        learner.close();
        fitter.close();
        reader.close();
        sinks.forEach(this::abandon);
        travelling.clear();
        moments.clear();
        parallelism = 1 + schedule.random.nextInt(3);
        newest.clear();
        read = last.read();
        fedBack = last.fedBack();
        ledgers = copy(last.ledgers());
        open(last);
    }

    /** What was put out since the last checkpoint is never committed; a planted bug commits it. */
    void abandon(Sink<?> sink) {
        sink.abandon();
    }

    private void note(String step) {
        trace.add(step);
    }

    /** The sites of an outcome that the changes have left. */
    SiteLedger ledger(String outcome) {
        return ledgers.computeIfAbsent(outcome, absent -> new SiteLedger());
    }

    byte[] sums(String outcome) throws Exception {
        return learner.stored(
                "test|" + outcome + "|pca|1|" + scalers.get(0).getScalerId(),
                new ValueStateDescriptor<>("sums", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    /** All that a savepoint holds. */
    String savepoint() throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>(bags.savepoint());
        states.add(last.learner());
        states.add(last.fitter());
        return SavepointText.of(states);
    }

    List<Prediction> arrivals() {
        return predictions.committed().stream()
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
