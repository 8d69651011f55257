package io.gmil.stream.learn;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorBase;
import io.gmil.schema.Audit;
import io.gmil.schema.ModelOrigin;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.PosteriorVersion;
import io.gmil.stream.Bytes;
import io.gmil.stream.InitialModel;
import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.PosteriorCodec;
import io.gmil.stream.RestoredSettings;
import io.gmil.stream.state.BegunWith;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.ModelId;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.VersionMark;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.FlinkRuntimeException;
import org.apache.flink.util.OutputTag;

/**
 * Keeps the posterior of every model key and publishes its versions (DESIGN: {@code update-posterior}). Models are held
 * on the heap; {@link UpdatePosteriorOperator} has them stored.
 */
public final class UpdatePosterior extends KeyedProcessFunction<String, SiteChanges, PosteriorMessage>
        implements CheckpointedFunction {

    public static final OutputTag<Audit> AUDIT = new OutputTag<>("audit", new AvroTypeInfo<>(Audit.class));

    /** Versions for the history: those that rest, and those that an operator asks for. */
    public static final OutputTag<PosteriorMessage> HISTORY =
            new OutputTag<>("posterior-history", new AvroTypeInfo<>(PosteriorMessage.class));

    /** Name of the state that every model has. */
    static final String LOOPS = "loops";

    private static final long serialVersionUID = 1L;

    /** How often the learner of an outcome that the job learns no more is asked whether it is learnt again. */
    private static final long ABSENT_MILLIS = 10_000;

    private static final long UNKNOWN = 0;

    private final JobConfig config;
    private final List<InitialModel> initial;

    private transient RestoredSettings settings;
    private transient ValueState<byte[]> sums;
    private transient ValueState<LearnerState> loops;
    private transient ValueState<BegunWith> begunWith;
    private transient ListState<BegunWith> unused;
    private transient Map<String, BegunWith> waiting;
    private transient Map<String, BegunWith> begun;
    private transient List<InitialModel> untold;
    private transient Map<String, PosteriorLearner> learners;
    private transient Map<String, Long> timers;
    private transient Map<String, Long> published;
    private transient Set<String> unstored;
    private transient long generation;

    /** @param initial what learners begin with instead of the prior, unless there is state */
    public UpdatePosterior(JobConfig config, List<InitialModel> initial) {
        this.config = config;
        this.initial = initial;
    }

    /** A saved model waits here, in state of its own, until the first change of its key makes a learner of it. */
    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        settings = RestoredSettings.in(context.getOperatorStateStore(), config);
        unused = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("saved-models", new AvroTypeInfo<>(BegunWith.class)));
        waiting = new HashMap<>();
        untold = context.isRestored() ? List.of() : initial;
        if (context.isRestored()) {
            unused.get().forEach(model -> waiting.put(model.getKey(), model));
        } else {
            initial.forEach(model -> waiting.put(model.key(), model.learner()));
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        settings.store();
        unused.update(List.copyOf(waiting.values()));
    }

    @Override
    public void open(OpenContext context) {
        sums = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("sums", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        loops = getRuntimeContext().getState(new ValueStateDescriptor<>(LOOPS, new AvroTypeInfo<>(LearnerState.class)));
        begunWith = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("begun-with", new AvroTypeInfo<>(BegunWith.class)));
        begun = new HashMap<>();
        learners = new HashMap<>();
        timers = new HashMap<>();
        published = new HashMap<>();
        unstored = new HashSet<>();
    }

    /** The keys of models that have changed since the start, besides those that have state. */
    Set<String> models() {
        return learners.keySet();
    }

    /** Nothing is published before it is known which generation this is; every model is then to process this once. */
    void begin(SiteChanges beginning) {
        generation = beginning.getGeneration();
    }

    /** What readers of the topic have to be told of the saved models of this start, before any of them learns. */
    List<PosteriorMessage> saved() {
        List<PosteriorMessage> messages = new ArrayList<>();
        for (InitialModel model : untold) {
            messages.add(message(model.scaler()));
            PosteriorMessage posterior = message(model.posterior());
            ((io.gmil.schema.Posterior) posterior.getBody()).setOrigin(origin(model.learner()));
            messages.add(posterior);
        }
        untold = List.of();
        return messages;
    }

    @Override
    public void processElement(SiteChanges changes, Context context, Collector<PosteriorMessage> out) throws Exception {
        if (changes.getBegins()) {
            proceed(context, out);
            return;
        }
        PosteriorLearner learner = learner(context.getCurrentKey(), changes.getModel());
        learner.accept(changes);
        if (learns(changes.getModel())) {
            proceed(learner, context, out);
        } else {
            // Of a patient who is erased or a bag that is replaced: the sums are to be right when the outcome comes
            // back.
            unstored.add(context.getCurrentKey());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<PosteriorMessage> out) throws Exception {
        timers.remove(context.getCurrentKey());
        proceed(context, out);
    }

    private void proceed(Context context, Collector<PosteriorMessage> out) throws Exception {
        PosteriorLearner learner = learners.get(context.getCurrentKey());
        LearnerState stored = learner == null ? loops.value() : learner.state();
        if (stored != null && !learns(stored.getModel())) {
            schedule(ABSENT_MILLIS, context.timerService().currentProcessingTime(), context);
        } else if (stored != null) {
            proceed(learner(context.getCurrentKey(), stored.getModel()), context, out);
        }
    }

    private boolean learns(ModelId model) {
        return config.outcome(model.getOutcome()).isPresent();
    }

    private void proceed(PosteriorLearner learner, Context context, Collector<PosteriorMessage> out) throws Exception {
        unstored.add(context.getCurrentKey());
        if (generation == UNKNOWN) {
            return;
        }
        learner.begin(generation);
        long now = context.timerService().currentProcessingTime();
        if (learner.dueIn(now) == 0) {
            long before = learner.state().getVersion();
            learner.step(now);
            if (learner.state().getVersion() > before) {
                publish(learner, context, out);
            }
            learner.took(context.timerService().currentProcessingTime() - now);
        }
        if (learner.state().getSettled()
                && !learner.state().getAuditAlreadyLearnt().isEmpty()) {
            // No version is to come that could tell of them.
            audit(learner.state(), context);
        }
        keepIfAsked(learner, context);
        long due = learner.dueIn(now);
        schedule(due < 0 && rests(learner) ? repeat(learner, now, context, out) : due, now, context);
    }

    /** Whether readers have the posterior and none newer is to be expected. */
    private static boolean rests(PosteriorLearner learner) {
        return learner.state().getSettled() && learner.state().getVersion() > 0;
    }

    /**
     * A posterior that rests is published again now and then, so that its readers can tell rest from absence. It is no
     * version of its own: there is nothing to audit, and shards are not woken.
     *
     * @return in ms, when it is to be next
     */
    private long repeat(PosteriorLearner learner, long now, Context context, Collector<PosteriorMessage> out) {
        String key = context.getCurrentKey();
        long pause = staleAfter().toMillis() / 2;
        if (now - published.getOrDefault(key, 0L) >= pause) {
            OutcomeConfig outcome =
                    config.outcome(learner.state().getModel().getOutcome()).orElseThrow();
            out.collect(message(learner, outcome, begun.get(key)));
            published.put(key, now);
        }
        return published.getOrDefault(key, 0L) + pause - now;
    }

    private Duration staleAfter() {
        return config.scoring().staleAfter();
    }

    /** No version is to come that could go to the history as asked: the last one does. */
    private void keepIfAsked(PosteriorLearner learner, Context context) {
        LearnerState state = learner.state();
        if (state.getPublish() && state.getVersion() > 0 && (state.getSettled() || state.getPaused())) {
            learner.takePublish();
            OutcomeConfig outcome =
                    config.outcome(state.getModel().getOutcome()).orElseThrow();
            context.output(HISTORY, message(learner, outcome, begun.get(context.getCurrentKey())));
        }
    }

    /** Models that have changed since they were stored. */
    Set<String> unstored() {
        return Set.copyOf(unstored);
    }

    /** Writes the model of the current key to state. */
    void store(String key) throws IOException {
        PosteriorLearner learner = learners.get(key);
        sums.update(learner.posterior().toBytes());
        loops.update(learner.state());
        unstored.remove(key);
    }

    /** One timer a model, moved to the earlier of its times. */
    private void schedule(long wait, long now, Context context) {
        String model = context.getCurrentKey();
        Long planned = timers.get(model);
        if (wait < 0 || planned != null && planned <= now + wait) {
            return;
        }
        if (planned != null) {
            context.timerService().deleteProcessingTimeTimer(planned);
        }
        long at = now + Math.max(1, wait);
        context.timerService().registerProcessingTimeTimer(at);
        timers.put(model, at);
    }

    private void publish(PosteriorLearner learner, Context context, Collector<PosteriorMessage> out) {
        LearnerState state = learner.state();
        OutcomeConfig outcome = config.outcome(state.getModel().getOutcome()).orElseThrow();
        BegunWith saved = begun.get(context.getCurrentKey());
        if (saved != null && state.getVersion() == 1) {
            // Again, since a release before this one did not tell of it at the start.
            out.collect(message(Bytes.array(saved.getScaler())));
        }
        PosteriorMessage message = message(learner, outcome, saved);
        out.collect(message);
        published.put(context.getCurrentKey(), context.timerService().currentProcessingTime());
        if (state.getSettled() || learner.takePublish()) {
            context.output(HISTORY, message);
        }
        audit(state, context);
    }

    private PosteriorMessage message(PosteriorLearner learner, OutcomeConfig outcome, BegunWith saved) {
        LearnerState state = learner.state();
        var posterior = PosteriorCodec.posterior(
                state.getModel(), outcome, config, learner.snapshot(), learner.staleSites(), state.getSettled());
        posterior.setOrigin(origin(saved));
        posterior.setSumsSince(learner.sumsSince());
        posterior.setRefreshSince(published(state.getRefreshSince()));
        posterior.setErasedSince(published(state.getErasedSince()));
        if (rests(learner)) {
            posterior.setNextBy(posterior.getPublishedAt().plus(staleAfter()));
        }
        return new PosteriorMessage(posterior);
    }

    private static PosteriorVersion published(VersionMark mark) {
        return mark == null ? null : new PosteriorVersion(mark.getGeneration(), mark.getVersion());
    }

    private static PosteriorMessage message(byte[] encoded) {
        try {
            return AvroWire.of(PosteriorMessage.class).decode(encoded);
        } catch (WireException e) {
            throw new FlinkRuntimeException("saved model cannot be read", e);
        }
    }

    private static ModelOrigin origin(BegunWith saved) {
        return saved == null
                ? null
                : new ModelOrigin(
                        saved.getPosteriorSha256(),
                        saved.getFingerprint(),
                        saved.getSeed(),
                        saved.getCodeVersion(),
                        saved.getLabelledBags());
    }

    private void audit(LearnerState state, Context context) {
        ModelOrigin origin = origin(begun.get(context.getCurrentKey()));
        for (Audit record : AuditRecords.of(state, origin, config.fingerprint(), Instant.now())) {
            context.output(AUDIT, record);
        }
        state.setAuditRefreshed(0);
        state.getAuditAdded().clear();
        state.getAuditRemoved().clear();
        state.getAuditAlreadyLearnt().clear();
        state.getAuditErasures().clear();
    }

    /** The learner of the current key: from the heap, else from state, else from a saved model, else new. */
    private PosteriorLearner learner(String key, ModelId model) throws Exception {
        PosteriorLearner known = learners.get(key);
        if (known != null) {
            return known;
        }
        OutcomeConfig outcome = settings.outcome(model.getOutcome()).orElseThrow();
        ModelSpec spec = PosteriorCodec.spec(outcome.trials(), model.getWidth(), config);
        byte[] stored = sums.value();
        LearnerState state = loops.value();
        BegunWith saved = saved(key);
        Posterior base =
                saved == null ? new Posterior(spec) : Posterior.fromBytes(Bytes.array(saved.getPosterior()), spec);
        PosteriorLearner learner = new PosteriorLearner(
                config,
                stored == null ? base : Posterior.fromBytes(stored, spec),
                saved == null ? PosteriorBase.none() : PosteriorBase.of(base),
                state == null ? blank(model) : state);
        learners.put(key, learner);
        measure(model, learner);
        return learner;
    }

    /** The saved model that the current key began with, now or before a restore; null for none. */
    private BegunWith saved(String key) throws IOException {
        BegunWith saved = begunWith.value();
        if (saved == null) {
            saved = waiting.remove(key);
            begunWith.update(saved);
        }
        if (saved != null) {
            begun.put(key, saved);
        }
        return saved;
    }

    private static LearnerState blank(ModelId model) {
        return LearnerState.newBuilder()
                .setModel(model)
                .setGeneration(0)
                .setVersion(0)
                .setPending(0)
                .setRefreshed(0)
                .setResidual(Double.MAX_VALUE)
                .setSettled(false)
                .setAuditAdded(new ArrayList<>())
                .setAuditRemoved(new ArrayList<>())
                .setAuditAlreadyLearnt(new ArrayList<>())
                .setAuditErasures(new ArrayList<>())
                .setShards(new ArrayList<>())
                .build();
    }

    private void measure(ModelId model, PosteriorLearner learner) {
        MetricGroup metrics = getRuntimeContext()
                .getMetricGroup()
                .addGroup("gmil")
                .addGroup("outcome", model.getOutcome())
                .addGroup("embedding", model.getEmbedding())
                .addGroup("embeddingVersion", model.getEmbeddingVersion());
        metrics.gauge("posteriorVersion", () -> learner.state().getVersion());
        metrics.gauge("labelledBags", () -> learner.posterior().labelledBags());
        metrics.gauge("staleSites", learner::staleSites);
        metrics.gauge("settled", () -> learner.state().getSettled() ? 1 : 0);
        metrics.gauge("refusedSteps", learner::refusedSteps);
    }
}
