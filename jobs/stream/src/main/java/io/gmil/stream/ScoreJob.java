package io.gmil.stream;

import io.gmil.kafka.Topics;
import io.gmil.schema.Prediction;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;

/** The score-only job: bags and the posteriors of a learning job in, predictions and attention summaries out. */
public final class ScoreJob {

    private ScoreJob() {}

    /** Runs on the cluster this is submitted to: {@code --config FILE}, which may be that of the learning job. */
    public static void main(String[] args) throws Exception {
        if (args.length != 2 || !args[0].equals("--config")) {
            throw new IllegalArgumentException("expected --config FILE, got '" + String.join(" ", args) + "'");
        }
        JobConfig config = LearnJob.load(Path.of(args[1]), Map.of());
        try (Admin admin = config.kafkaConfig().admin()) {
            Topics.createScored(admin, config.scoring().topics());
        }
        ErasureCheck.ofScoring(config);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        define(env, ScoreSources.kafka(config), config, ScoreSinks.kafka(config));
        env.execute("gmil score " + config.study());
    }

    /** The graph. */
    public static void define(
            StreamExecutionEnvironment env, ScoreSources sources, JobConfig config, ScoreSinks sinks) {
        WatermarkStrategy<BagEvent> input = EventTime.ofInput(config.bags());
        DataStream<BagEvent> cells = read(env, sources.cells(), input, "cells");
        DataStream<BagEvent> samples = read(env, sources.samples(), input, "samples");
        DataStream<BagEvent> control = read(env, sources.control(), EventTime.none(), "control");
        DataStream<BagEvent> posterior = read(env, sources.posterior(), EventTime.none(), "posterior");
        DataStream<BagEvent> published = read(env, sources.published(), EventTime.none(), "published");
        DataStream<BagEvent> ordered = read(env, sources.ordered(), EventTime.none(), "ordered");

        DataStream<BagEvent> commands = named(control.flatMap(new Commands.ToScoring(config)), "address-shards");
        DataStream<BagEvent> pins = named(control.flatMap(new Commands.ToPredictions(config)), "read-pins");
        DataStream<BagEvent> pinned = named(ordered.flatMap(new Commands.ToPredictions(config)), "read-earlier-pins");

        DataStream<BagEvent> posteriors = named(
                        posterior
                                .connect(published.union(pinned))
                                .transform("hear-posteriors", new AvroTypeInfo<>(BagEvent.class), new HearPosteriors()),
                        "hear-posteriors")
                .setParallelism(1);

        SingleOutputStreamOperator<Prediction> bags = named(
                cells.union(samples, commands)
                        .keyBy(BagEvent::getShard)
                        .connect(posteriors.union(pins).broadcast(Bags.POSTERIORS))
                        .process(Bags.scoring(config)),
                "bags");

        bags.sinkTo(sinks.predictions()).name("predictions").uid("predictions");
        bags.getSideOutput(Bags.ATTENTION)
                .sinkTo(sinks.attention())
                .name("attention")
                .uid("attention");
        bags.getSideOutput(Bags.RECEIPTS)
                .sinkTo(sinks.receipts())
                .name("receipts")
                .uid("receipts")
                .setParallelism(1);
        bags.getSideOutput(Bags.DEAD_LETTERS)
                .sinkTo(sinks.deadLetters())
                .name("dead-letters")
                .uid("dead-letters");
    }

    private static DataStream<BagEvent> read(
            StreamExecutionEnvironment env,
            Source<BagEvent, ?, ?> source,
            WatermarkStrategy<BagEvent> time,
            String name) {
        return named(env.fromSource(source, time, name), name);
    }

    private static <T> SingleOutputStreamOperator<T> named(SingleOutputStreamOperator<T> operator, String name) {
        return operator.name(name).uid(name);
    }
}
