package io.gmil.stream;

import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.evaluate.Evaluate;
import io.gmil.stream.learn.UpdatePosterior;
import io.gmil.stream.learn.UpdatePosteriorOperator;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.ScoredBag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The learning job: bags in, predictions, attention summaries and one shared posterior out. */
public final class LearnJob {

    private LearnJob() {}

    /** Runs on the cluster this is submitted to: {@code --config FILE [--initial-model DIR]}. */
    public static void main(String[] args) throws Exception {
        boolean model = args.length == 4 && args[2].equals("--initial-model");
        if (args.length != 2 && !model || !args[0].equals("--config")) {
            throw new IllegalArgumentException(
                    "expected --config FILE [--initial-model DIR], got '" + String.join(" ", args) + "'");
        }
        JobConfig config = load(Path.of(args[1]), model ? Map.of(InitialModelConfig.DIRECTORY, args[3]) : Map.of());
        ErasureCheck.ofLearning(config);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        define(env, Sources.kafka(config), config, InitialModels.load(config), Sinks.kafka(config));
        env.execute("gmil learn " + config.study());
    }

    static JobConfig load(Path file, Map<String, String> given) throws IOException {
        try {
            return JobConfig.load(file, given);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * The graph.
     *
     * @param initial what it begins with instead of the prior, unless it starts from a savepoint
     */
    public static void define(
            StreamExecutionEnvironment env,
            Sources sources,
            JobConfig config,
            List<InitialModel> initial,
            Sinks sinks) {
        WatermarkStrategy<BagEvent> input = EventTime.ofInput(config.bags());
        DataStream<BagEvent> cells = read(env, sources.cells(), input, "cells");
        DataStream<BagEvent> samples = read(env, sources.samples(), input, "samples");
        DataStream<BagEvent> labels = read(env, sources.labels(), input, "labels");
        DataStream<BagEvent> control = read(env, sources.control(), EventTime.none(), "control");
        SingleOutputStreamOperator<BagEvent> posterior = single(
                single(env.fromSource(sources.posterior(), EventTime.none(), "posterior"), "posterior")
                        .transform("current-generation", new AvroTypeInfo<>(BagEvent.class), new CurrentGeneration()),
                "current-generation");

        DataStream<BagEvent> commands = named(control.flatMap(new Commands.ToShards(config)), "address-shards");
        DataStream<BagEvent> pins = named(control.flatMap(new Commands.ToPredictions(config)), "read-pins");
        DataStream<BagEvent> tokens = single(posterior.flatMap(new IssueTokens(config)), "issue-tokens");

        SingleOutputStreamOperator<Prediction> bags = named(
                cells.union(samples, labels, commands, tokens)
                        .keyBy(BagEvent::getShard)
                        .connect(posterior.union(pins).broadcast(Bags.POSTERIORS))
                        .process(new Bags(config, initial)),
                "bags");

        SingleOutputStreamOperator<PosteriorMessage> scalers = single(
                bags.getSideOutput(Bags.MOMENTS)
                        .union(
                                named(control.flatMap(new Commands.ToScaler(config)), "read-scalers"),
                                single(posterior.flatMap(new PublishedScalers(config)), "read-published-scalers"))
                        .keyBy(ScalerInput::getKey)
                        .process(new FitScaler(config, initial)),
                "fit-scaler");

        SingleOutputStreamOperator<PosteriorMessage> learner = single(
                bags.getSideOutput(Bags.CHANGES)
                        .union(posterior.getSideOutput(CurrentGeneration.BEGINNINGS))
                        .keyBy(changes -> ModelIds.key(changes.getModel()))
                        .transform(
                                "update-posterior",
                                new AvroTypeInfo<>(PosteriorMessage.class),
                                new UpdatePosteriorOperator(config, initial)),
                "update-posterior");

        bags.sinkTo(sinks.predictions()).name("predictions").uid("predictions");
        bags.getSideOutput(Bags.ATTENTION)
                .sinkTo(sinks.attention())
                .name("attention")
                .uid("attention");
        bags.getSideOutput(Bags.DEAD_LETTERS)
                .sinkTo(sinks.deadLetters())
                .name("dead-letters")
                .uid("dead-letters");
        SingleOutputStreamOperator<PosteriorMessage> references =
                single(bags.getSideOutput(Bags.BAG_MEANS).process(new FitReference()), "fit-reference");

        learner.union(scalers, references)
                .sinkTo(sinks.posterior())
                .name("posterior-feedback")
                .uid("posterior-feedback")
                .setParallelism(1);
        learner.getSideOutput(UpdatePosterior.HISTORY)
                .sinkTo(sinks.history())
                .name("posterior-history")
                .uid("posterior-history")
                .setParallelism(1);
        learner.getSideOutput(UpdatePosterior.AUDIT)
                .union(bags.getSideOutput(Bags.RECEIPTS))
                .sinkTo(sinks.audit())
                .name("audit")
                .uid("audit")
                .setParallelism(1);
        single(bags.getSideOutput(Bags.SCORED).keyBy(ScoredBag::getModel).process(new Evaluate()), "evaluate")
                .sinkTo(sinks.evaluations())
                .name("evaluations")
                .uid("evaluations")
                .setParallelism(1);
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

    /** Few keys and little work: one subtask, so that the loop has short ways. */
    private static <T> SingleOutputStreamOperator<T> single(SingleOutputStreamOperator<T> operator, String name) {
        return named(operator, name).setParallelism(1);
    }
}
