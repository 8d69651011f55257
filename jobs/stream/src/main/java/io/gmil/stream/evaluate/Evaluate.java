package io.gmil.stream.evaluate;

import io.gmil.schema.Evaluation;
import io.gmil.stream.state.ScoredBag;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Prequential figures of every model (DESIGN: {@code evaluate}), announced a few times a second while they change. */
public final class Evaluate extends KeyedProcessFunction<String, ScoredBag, Evaluation> {

    private static final long serialVersionUID = 1L;

    private static final int WINDOW = 200;
    private static final long ANNOUNCE_MILLIS = 250;

    private transient ValueState<byte[]> sums;
    private transient ValueState<byte[]> window;
    private transient ValueState<ScoredBag> newest;
    private transient Map<String, PrequentialFigures> figures;

    @Override
    public void open(OpenContext context) {
        sums = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("figures", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        window = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("recent", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        newest =
                getRuntimeContext().getState(new ValueStateDescriptor<>("newest", new AvroTypeInfo<>(ScoredBag.class)));
        figures = new HashMap<>();
    }

    @Override
    public void processElement(ScoredBag bag, Context context, Collector<Evaluation> out) throws Exception {
        PrequentialFigures running = figures(context.getCurrentKey(), bag);
        running.add(bag.getProbability(), bag.getValue(), bag.getTrials());
        sums.update(running.toBytes());
        RecentBags recent = recent();
        recent.add(bag.getLabelDelay(), bag.getMeanShift());
        window.update(recent.toBytes());
        if (newest.value() == null) {
            context.timerService()
                    .registerProcessingTimeTimer(context.timerService().currentProcessingTime() + ANNOUNCE_MILLIS);
        }
        newest.update(bag);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Evaluation> out) throws Exception {
        ScoredBag model = newest.value();
        newest.clear();
        PrequentialFigures running = figures(context.getCurrentKey(), model);
        PrequentialFigures last = running.lastWindow();
        RecentBags recent = recent();
        out.collect(Evaluation.newBuilder()
                .setStudy(model.getStudy())
                .setOutcome(model.getOutcome())
                .setEmbedding(model.getEmbedding())
                .setEmbeddingVersion(model.getEmbeddingVersion())
                .setScored(running.scored())
                .setAuc(running.auc())
                .setLogLoss(running.logLoss())
                .setBrier(running.brier())
                .setWindowScored(last.scored())
                .setWindowAuc(last.auc())
                .setWindowLogLoss(last.logLoss())
                .setWindowBrier(last.brier())
                .setCalibrationError(running.calibrationError())
                .setWindowLabelDelayMedian(recent.delay(0.5))
                .setWindowLabelDelay90(recent.delay(0.9))
                .setWindowMeanShift(recent.meanShift())
                .setEvaluatedAt(Instant.now())
                .build());
    }

    private RecentBags recent() throws Exception {
        byte[] stored = window.value();
        return stored == null ? new RecentBags(WINDOW) : RecentBags.fromBytes(stored, WINDOW);
    }

    private PrequentialFigures figures(String key, ScoredBag model) throws Exception {
        PrequentialFigures known = figures.get(key);
        if (known != null) {
            return known;
        }
        byte[] stored = sums.value();
        PrequentialFigures running =
                stored == null ? new PrequentialFigures(WINDOW) : PrequentialFigures.fromBytes(stored, WINDOW);
        figures.put(key, running);
        MetricGroup metrics = getRuntimeContext()
                .getMetricGroup()
                .addGroup("gmil")
                .addGroup("outcome", model.getOutcome())
                .addGroup("embedding", model.getEmbedding())
                .addGroup("embeddingVersion", model.getEmbeddingVersion());
        metrics.gauge("prequentialAuc", running::auc);
        metrics.gauge("prequentialLogLoss", running::logLoss);
        metrics.gauge("prequentialBrier", running::brier);
        metrics.gauge("scoredBags", running::scored);
        return running;
    }
}
