package io.gmil.stream.bags;

import io.gmil.kafka.WireException;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Label;
import io.gmil.schema.Prediction;
import io.gmil.stream.Bytes;
import io.gmil.stream.InitialModel;
import io.gmil.stream.JobConfig;
import io.gmil.stream.ModelIds;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.RestoredSettings;
import io.gmil.stream.Shards;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.BagMean;
import io.gmil.stream.state.EventKind;
import io.gmil.stream.state.LearnerOrderKind;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.ScoredBag;
import io.gmil.stream.state.SiteChanges;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Holds the bags, labels and sites of a shard (DESIGN: {@code bags}). Its work is done by the books; this class gives
 * them state, posteriors, and a way out.
 */
public final class Bags extends KeyedBroadcastProcessFunction<Integer, BagEvent, BagEvent, Prediction>
        implements CheckpointedFunction {

    /** The newest scaler and posterior of every key, as encoded messages. */
    public static final MapStateDescriptor<String, byte[]> POSTERIORS =
            new MapStateDescriptor<>("posteriors", Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);

    private static final MapStateDescriptor<String, String> LEARNT_BEFORE =
            new MapStateDescriptor<>("learnt-before", Types.STRING, Types.STRING);

    public static final OutputTag<AttentionSummary> ATTENTION =
            new OutputTag<>("attention", new AvroTypeInfo<>(AttentionSummary.class));
    public static final OutputTag<SiteChanges> CHANGES =
            new OutputTag<>("changes", new AvroTypeInfo<>(SiteChanges.class));
    public static final OutputTag<ScoredBag> SCORED = new OutputTag<>("scored", new AvroTypeInfo<>(ScoredBag.class));
    public static final OutputTag<ScalerInput> MOMENTS =
            new OutputTag<>("moments", new AvroTypeInfo<>(ScalerInput.class));
    public static final OutputTag<BagMean> BAG_MEANS = new OutputTag<>("bag-means", new AvroTypeInfo<>(BagMean.class));
    public static final OutputTag<DeadLetter> DEAD_LETTERS =
            new OutputTag<>("dead-letters", new AvroTypeInfo<>(DeadLetter.class));

    public static final OutputTag<Audit> RECEIPTS = new OutputTag<>("receipts", new AvroTypeInfo<>(Audit.class));

    /** Starts the keys of what predictions are made with instead of the newest posterior. */
    private static final String PIN_PREFIX = "pin|";

    private static final long serialVersionUID = 1L;

    /** Holds nothing, once the posteriors there were at the start are all known. */
    private static final String PUBLISHED_READ = "published-read";

    /** Holds the offset of the newest pin or unpin of a job that only predicts: it reads those of before its start twice. */
    private static final String PINS_READ = "pins-read";

    /** How often revised predictions that are due are looked after. */
    private static final long REVISE_MILLIS = 500;

    /** How often bags that wait for a scaler look for it. */
    private static final long WAIT_MILLIS = 200;

    private final JobConfig config;
    private final List<InitialModel> initial;
    private final boolean learning;
    private final Shards shards;

    private transient RestoredSettings settings;
    private transient LearntBefore learntBefore;
    private transient Records records;
    private transient BagStore store;
    private transient ModelCatalog catalog;
    private transient Pauses pauses;
    private transient SiteBook sites;
    private transient BagTerms terms;
    private transient BagBook bags;
    private transient Erasures erasures;
    private transient WorkShare share;
    private transient ContextEmitter emitter;
    private transient TokenBook tokens;
    private transient TokenBook resent;
    private transient boolean loaded;
    private transient long rejected;
    private transient long refusedAsErased;

    /** @param initial what is known of scalers, posteriors and learnt samples from the start, unless there is state */
    public Bags(JobConfig config, List<InitialModel> initial) {
        this(config, initial, true);
    }

    /** Of a job without labels and learner. Bags wait until the posteriors there were at the start are all known. */
    public static Bags scoring(JobConfig config) {
        return new Bags(config, List.of(), false);
    }

    private Bags(JobConfig config, List<InitialModel> initial, boolean learning) {
        this.config = config;
        this.initial = initial;
        this.learning = learning;
        this.shards = new Shards(config.shards());
    }

    /** Every subtask begins with the saved models, so that the very first bag is predicted by them. */
    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        settings = RestoredSettings.in(context.getOperatorStateStore(), config);
        learntBefore = new LearntBefore(context.getOperatorStateStore().getBroadcastState(LEARNT_BEFORE));
        if (context.isRestored()) {
            return;
        }
        BroadcastState<String, byte[]> posteriors =
                context.getOperatorStateStore().getBroadcastState(POSTERIORS);
        for (InitialModel model : initial) {
            posteriors.put(ModelIds.SCALER_PREFIX + model.embedding(), model.scaler());
            posteriors.put(model.key(), model.posterior());
            learntBefore.put(model.key(), model.learnt());
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        settings.store();
    }

    @Override
    public void open(OpenContext context) {
        ChunkBuffer buffer = new ChunkBuffer();
        records = new Records(config);
        store = new BagStore(getRuntimeContext(), settings.outcomes());
        catalog = new ModelCatalog(config, settings, learning);
        emitter = new ContextEmitter();
        pauses = new Pauses(config, getRuntimeContext());
        sites = new SiteBook(config, store, pauses, emitter, buffer);
        PatientStore patients = new PatientStore(getRuntimeContext());
        Scoring scoring = new Scoring(store, new StatusRule(config.scoring().staleAfter(), catalog), emitter, buffer);
        terms = new BagTerms(config, store, patients, catalog, scoring, emitter, getRuntimeContext());
        bags = new BagBook(
                config, store, catalog, scoring, sites, pauses, learntBefore, patients, terms, emitter, buffer);
        erasures = new Erasures(config, patients, bags, emitter);
        share = new WorkShare(config.refreshShare());
        tokens = new TokenBook();
        resent = new TokenBook();
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("gmil");
        metrics.gauge("bagsCompleted", () -> bags.completed());
        metrics.gauge("bagsWaitingForScaler", () -> bags.waitingForScaler());
        metrics.gauge("labelsAlreadyLearnt", () -> bags.labelsAlreadyLearnt());
        metrics.gauge("deadLetters", () -> rejected);
        metrics.gauge("refusedAsErased", () -> refusedAsErased);
    }

    @Override
    public void processElement(BagEvent event, ReadOnlyContext context, Collector<Prediction> out) throws Exception {
        load(context.getBroadcastState(POSTERIORS));
        emitter.use(context, out);
        terms.use(context.timerService(), event.getShard());
        if (ofPatient(event)) {
            terms.arrived(event);
        }
        if (ofPatient(event) && erasures.erased(event.getShard(), event.getKey())) {
            refuse(event);
            return;
        }
        try {
            process(event, context);
        } catch (RejectedRecord e) {
            reject(event, e.sample(), e.getMessage());
        }
        awaitScaler(event.getShard(), context);
    }

    private static boolean ofPatient(BagEvent event) {
        return switch (event.getKind()) {
            case CELLS, SAMPLE, LABEL -> true;
            default -> false;
        };
    }

    /** A record of an erased patient: says where it was, and nothing of what it was. */
    private void refuse(BagEvent event) {
        refusedAsErased++;
        emitter.deadLetter(DeadLetter.newBuilder()
                .setCause("record (" + Records.place(event) + "): expected none of this patient, who was erased")
                .setTopic(event.getTopic())
                .setPartition(event.getPartition())
                .setOffset(event.getOffset())
                .setRejectedAt(Instant.now())
                .build());
    }

    private void process(BagEvent event, ReadOnlyContext context) throws RejectedRecord {
        int shard = event.getShard();
        switch (event.getKind()) {
            case CELLS -> {
                share.arrived(System.nanoTime());
                bags.accept(shard, records.chunk(event, store.spare()), event);
            }
            case SAMPLE -> bags.accept(shard, records.manifest(event), event);
            case LABEL -> label(shard, records.label(event), event, context);
            case CONTROL -> command(shard, records.control(event), context);
            case SCALER -> bags.resume(shard);
            case REFRESH -> {
                tokens.offer(shard, event.getKey(), new Version(event.getGeneration(), event.getVersion()));
                refresh(shard, context);
                revise(shard, context);
            }
            default -> throw new IllegalStateException("event of kind " + event.getKind() + " sent to a shard");
        }
    }

    private void label(int shard, Label label, BagEvent event, ReadOnlyContext context) throws RejectedRecord {
        String sample = label.getSampleId();
        String patient = label.getPatientId();
        OutcomeConfig outcome = config.outcome(label.getOutcome()).orElseThrow();
        long now = context.timerService().currentProcessingTime();
        if (sample.isEmpty()) {
            OutcomeState state = store.patientLabel(patient, outcome.name());
            if (LabelBook.accept(state, label, outcome, Records.place(event))) {
                state.setLabelArrivedAt(event.getTimestamp());
                bags.patientLabelled(shard, patient, outcome, state, now);
            } else {
                bags.repeated(shard, bags.samples(patient), outcome, now);
            }
        } else {
            OutcomeState state = store.outcome(sample, outcome.name());
            checkPatient(label, state, event);
            if (LabelBook.accept(state, label, outcome, Records.place(event))) {
                state.setLabelArrivedAt(event.getTimestamp());
                state.setPatientId(patient);
                bags.checkHeld(label, event);
                bags.labelled(shard, patient, sample, outcome, state, now);
            } else {
                bags.repeated(shard, List.of(sample), outcome, now);
            }
        }
        revise(shard, context);
    }

    private void checkPatient(Label label, OutcomeState known, BagEvent event) throws RejectedRecord {
        String patient = bags.patient(label.getSampleId(), known);
        if (patient != null && !patient.equals(label.getPatientId())) {
            throw new RejectedRecord(
                    label.getSampleId(),
                    "patient of label '%s' of sample '%s' (%s): expected '%s', got '%s'",
                    label.getOutcome(),
                    label.getSampleId(),
                    Records.place(event),
                    patient,
                    label.getPatientId());
        }
    }

    /** Revised predictions come with a posterior that knows of the change, or a while later. */
    private void revise(int shard, ReadOnlyContext context) {
        long now = context.timerService().currentProcessingTime();
        if (bags.revise(shard, now)) {
            context.timerService().registerProcessingTimeTimer((now / REVISE_MILLIS + 1) * REVISE_MILLIS);
        }
    }

    /** A scaler reaches the shards by broadcast and by token in any order: bags that wait for one look again. */
    private void awaitScaler(int shard, ReadOnlyContext context) {
        if (bags.waiting(shard)) {
            long now = context.timerService().currentProcessingTime();
            context.timerService().registerProcessingTimeTimer((now / WAIT_MILLIS + 1) * WAIT_MILLIS);
        }
    }

    private void command(int shard, Control control, ReadOnlyContext context) {
        if (!store.firstTime(control.getCommandId())) {
            return;
        }
        switch (control.getKind()) {
            case SCORE_ALL ->
                bags.scoreAll(control.getTopK() == null ? config.topK() : control.getTopK(), control.getCommandId());
            case ERASE_PATIENT -> erase(shard, control, context);
            case REFRESH_ALL -> order(shard, LearnerOrderKind.REFRESH, control);
            case PAUSE_LEARNING -> {
                pauses.pause(control.getOutcome(), control.getCommandId());
                bags.order(shard, LearnerOrderKind.PAUSE, control.getOutcome(), control.getCommandId());
            }
            case RESUME_LEARNING -> {
                pauses.resume(control.getOutcome());
                // By every shard, since any of them may have told a learner to pause.
                bags.order(shard, LearnerOrderKind.RESUME, control.getOutcome(), control.getCommandId());
            }
            case SNAPSHOT -> order(shard, LearnerOrderKind.PUBLISH, control);
            default -> throw new IllegalStateException("command of kind " + control.getKind() + " sent to a shard");
        }
    }

    /** Learners are told by one shard what is to be done once. */
    private void order(int shard, LearnerOrderKind kind, Control control) {
        if (shard == shards.key(0)) {
            bags.order(shard, kind, control.getOutcome(), control.getCommandId());
        }
    }

    private void erase(int shard, Control control, ReadOnlyContext context) {
        long now = context.timerService().currentProcessingTime();
        // Some may be known here by the patient's sites alone.
        List<ActiveModel> models = bags.models(shard);
        long due = erasures.erase(shard, control.getPatientId(), control.getCommandId(), now);
        context.timerService().registerProcessingTimeTimer(due);
        if (control.getExact()) {
            bags.order(shard, models, LearnerOrderKind.RESTART, null, control.getCommandId());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Prediction> out) throws Exception {
        load(context.getBroadcastState(POSTERIORS));
        emitter.use(context, out);
        int shard = context.getCurrentKey();
        terms.use(context.timerService(), shard);
        bags.strike(shard);
        if (context.timeDomain() == TimeDomain.EVENT_TIME) {
            return;
        }
        bags.resume(shard);
        awaitScaler(shard, context);
        revise(shard, context);
        // The times are as they were set; one that a restore has left out comes again with the next.
        erasures.complete(timestamp);
        refresh(shard, context);
    }

    /**
     * Answers the open tokens of a shard at the newest posterior, or a moment later when the posterior a token speaks of
     * has not come yet.
     */
    private void refresh(int shard, ReadOnlyContext context) {
        Iterator<Map.Entry<String, Version>> open = tokens.open(shard);
        long now = context.timerService().currentProcessingTime();
        while (open.hasNext()) {
            Map.Entry<String, Version> token = open.next();
            ActiveModel model = catalog.model(token.getKey());
            Version newest = model == null ? null : Version.of(model.snapshot());
            if (model != null && token.getValue().newerThan(newest)) {
                long wait = tokens.wait(shard, token, now);
                if (wait >= 0) {
                    context.timerService().registerProcessingTimeTimer(now + wait);
                    continue;
                }
            } else if (model != null) {
                resendIfAsked(shard, model, newest);
                refresh(shard, model, newest);
            }
            // A model this subtask cannot work with yet is asked for again by its learner, and so is one that it waited
            // for in vain.
            open.remove();
        }
    }

    private void resendIfAsked(int shard, ActiveModel model, Version newest) {
        long since = catalog.sumsSince(model);
        if (since >= 0 && resent.answer(shard, model.key(), new Version(newest.generation(), since))) {
            sites.resend(shard, model, since);
        }
    }

    /**
     * Refreshes when arriving cells leave time for it. Otherwise the token is dropped: the learner asks again. A timer
     * would not do, since timers go before input and would keep the cells waiting for good.
     */
    private void refresh(int shard, ActiveModel model, Version newest) {
        long start = System.nanoTime();
        if (share.available(start, model.key()) && tokens.answer(shard, model.key(), newest)) {
            sites.refresh(shard, model);
            share.worked(System.nanoTime() - start, model.key());
        }
    }

    @Override
    public void processBroadcastElement(BagEvent event, Context context, Collector<Prediction> out) throws Exception {
        BroadcastState<String, byte[]> state = context.getBroadcastState(POSTERIORS);
        load(state);
        byte[] message = Bytes.array(event.getValue());
        try {
            if (event.getKind() == EventKind.CONTROL) {
                if (learning || follows(event, state)) {
                    pin(records.control(event), state);
                }
                return;
            }
            if (event.getKind() == EventKind.PUBLISHED_READ) {
                state.put(PUBLISHED_READ, message);
                catalog.complete();
                return;
            }
            String key = catalog.learn(message);
            if (key != null) {
                state.put(key, message);
                unpinIfErased(key, event, context);
            }
        } catch (WireException | RejectedRecord | IllegalArgumentException e) {
            tell(letter(event, null, e.getMessage() + " (" + Records.place(event) + ")"), context);
        }
    }

    /** Whether an order has not been read before; remembers it. Its topic has one partition. */
    private static boolean follows(BagEvent order, BroadcastState<String, byte[]> state) throws Exception {
        byte[] last = state.get(PINS_READ);
        if (last != null && order.getOffset() <= ByteBuffer.wrap(last).getLong()) {
            return false;
        }
        state.put(
                PINS_READ,
                ByteBuffer.allocate(Long.BYTES).putLong(0, order.getOffset()).array());
        return true;
    }

    private void pin(Control control, BroadcastState<String, byte[]> state) throws Exception {
        if (control.getKind() == ControlKind.PIN_POSTERIOR) {
            byte[] message = Bytes.array(control.getPosterior());
            state.put(PIN_PREFIX + catalog.pin(message), message);
            return;
        }
        List<String> pinned = new ArrayList<>();
        for (Map.Entry<String, byte[]> entry : state.immutableEntries()) {
            String key = entry.getKey();
            if (key.startsWith(PIN_PREFIX)
                    && (control.getOutcome() == null
                            || control.getOutcome().equals(catalog.outcome(entry.getValue())))) {
                pinned.add(key);
            }
        }
        for (String key : pinned) {
            state.remove(key);
            catalog.unpin(key.substring(PIN_PREFIX.length()));
        }
    }

    /** What an erased patient has had part in does not go on predicting because it was pinned before. */
    private void unpinIfErased(String key, BagEvent event, Context context) throws Exception {
        Optional<String> problem = catalog.pinnedBeforeErasure(key);
        if (problem.isPresent()) {
            context.getBroadcastState(POSTERIORS).remove(PIN_PREFIX + key);
            catalog.unpin(key);
            DeadLetter letter = letter(event, null, problem.get() + "; it is pinned no more");
            letter.setRecord(null); // That of the new posterior, with which all is well.
            tell(letter, context);
        }
    }

    /** Every subtask reads the same and comes to the same: the first one says so. */
    private void tell(DeadLetter letter, Context context) {
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            rejected++;
            context.output(DEAD_LETTERS, LetterSize.bounded(letter));
        }
    }

    /** After a start from a checkpoint the catalog is read back from the broadcast state. */
    private void load(ReadOnlyBroadcastState<String, byte[]> state) throws Exception {
        if (!loaded) {
            for (Map.Entry<String, byte[]> entry : state.immutableEntries()) {
                if (entry.getKey().startsWith(PIN_PREFIX)) {
                    catalog.pin(entry.getValue());
                } else if (entry.getKey().equals(PUBLISHED_READ)) {
                    catalog.complete();
                } else if (!entry.getKey().equals(PINS_READ)) {
                    catalog.learn(entry.getValue());
                }
            }
            loaded = true;
        }
    }

    private void reject(BagEvent event, String sample, String cause) {
        emitter.deadLetter(letter(event, sample, cause));
    }

    private static DeadLetter letter(BagEvent event, String sample, String cause) {
        return DeadLetter.newBuilder()
                .setCause(cause)
                .setTopic(event.getTopic())
                .setPartition(event.getPartition())
                .setOffset(event.getOffset())
                .setKey(event.getKey())
                .setSampleId(sample)
                .setRecord(event.getValue())
                .setRejectedAt(Instant.now())
                .build();
    }

    /** Emits through the context of the element at hand. */
    private final class ContextEmitter implements Emitter {

        private ReadOnlyContext output;
        private Collector<Prediction> out;

        void use(ReadOnlyContext current, Collector<Prediction> collector) {
            output = current;
            out = collector;
        }

        @Override
        public void prediction(Prediction prediction) {
            out.collect(prediction);
        }

        @Override
        public void attention(AttentionSummary summary) {
            output.output(ATTENTION, summary);
        }

        @Override
        public void changes(SiteChanges changes) {
            output.output(CHANGES, changes);
        }

        @Override
        public boolean arriving() {
            return share.arriving(System.nanoTime());
        }

        @Override
        public boolean learning() {
            return learning;
        }

        @Override
        public void scored(ScoredBag scored) {
            output.output(SCORED, scored);
        }

        @Override
        public void bagMean(BagMean mean) {
            output.output(BAG_MEANS, mean);
        }

        @Override
        public void moments(ScalerInput moments) {
            output.output(MOMENTS, moments);
        }

        @Override
        public void receipt(Audit receipt) {
            output.output(RECEIPTS, receipt);
        }

        @Override
        public void deadLetter(DeadLetter letter) {
            rejected++;
            output.output(DEAD_LETTERS, LetterSize.bounded(letter));
        }
    }
}
