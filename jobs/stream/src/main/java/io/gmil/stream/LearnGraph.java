package io.gmil.stream;

import java.io.IOException;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** The learning job on Kafka in the form a cluster takes that has this project's jars on its class path. */
public final class LearnGraph {

    private LearnGraph() {}

    /** Reads the saved model too, if the job is to begin with one. */
    public static JobGraph of(JobConfig config) throws IOException {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        LearnJob.define(env, Sources.kafka(config), config, InitialModels.load(config), Sinks.kafka(config));
        StreamGraph graph = env.getStreamGraph();
        graph.setJobName("gmil learn " + config.study());
        return graph.getJobGraph();
    }
}
