package io.gmil.stream;

import io.gmil.kafka.Topics;
import java.io.IOException;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.clients.admin.Admin;

/** The jobs on Kafka in the form a cluster takes that has this project's jars on its class path. */
public final class JobGraphs {

    private JobGraphs() {}

    /** The learning job. Reads the saved model too, if it is to begin with one. */
    public static JobGraph learning(JobConfig config) throws IOException {
        ErasureCheck.ofLearning(config);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        LearnJob.define(env, Sources.kafka(config), config, InitialModels.load(config), Sinks.kafka(config));
        return graph(env, "gmil learn " + config.study());
    }

    /** The score-only job. Creates the topics it writes to where they are missing. */
    public static JobGraph scoring(JobConfig config) {
        try (Admin admin = config.kafkaConfig().admin()) {
            Topics.createScored(admin, config.scoring().topics());
        }
        ErasureCheck.ofScoring(config);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        ScoreJob.define(env, ScoreSources.kafka(config), config, ScoreSinks.kafka(config));
        return graph(env, "gmil score " + config.study());
    }

    private static JobGraph graph(StreamExecutionEnvironment env, String name) {
        StreamGraph graph = env.getStreamGraph();
        graph.setJobName(name);
        return graph.getJobGraph();
    }
}
