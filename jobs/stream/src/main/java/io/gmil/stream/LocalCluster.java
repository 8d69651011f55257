package io.gmil.stream;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.ClusterClientJobClientAdapter;
import org.apache.flink.client.program.MiniClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process, with its dashboard. */
public final class LocalCluster implements AutoCloseable {

    private final MiniCluster cluster;
    private final Configuration settings;

    private LocalCluster(MiniCluster cluster, Configuration settings) {
        this.cluster = cluster;
        this.settings = settings;
    }

    /**
     * Starts the cluster.
     *
     * @param port of the dashboard on this machine, 0 for a free one
     * @param parallelism slots of its one task manager
     * @param directory for the backend's files
     */
    public static LocalCluster start(int port, int parallelism, Path directory) throws Exception {
        Configuration settings = new Configuration();
        settings.set(RestOptions.ADDRESS, "localhost");
        settings.set(RestOptions.BIND_ADDRESS, "localhost");
        settings.set(RestOptions.PORT, port);
        settings.set(RestOptions.BIND_PORT, Integer.toString(port));
        settings.set(WebOptions.SUBMIT_ENABLE, false);
        settings.set(WebOptions.REFRESH_INTERVAL, Duration.ofSeconds(1));
        settings.set(CoreOptions.TMP_DIRS, directory.toString());
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(96));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(96));
        // One process: a long collection must not look like a lost task manager.
        settings.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofMinutes(2));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(settings)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(parallelism)
                .build());
        cluster.start();
        return new LocalCluster(cluster, settings);
    }

    /** Where the dashboard is. */
    public URI dashboard() throws Exception {
        return cluster.getRestAddress().get();
    }

    /** Starts the learning job on the topics of a broker. */
    public JobClient submit(JobConfig config) throws Exception {
        return submit(config, Sources.kafka(config), Sinks.kafka(config));
    }

    /** Starts the learning job between given sources and sinks. */
    public JobClient submit(JobConfig config, Sources sources, Sinks sinks) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        LearnJob.define(env, sources, config, InitialModels.load(config), sinks);
        return submit(env, "gmil learn " + config.study());
    }

    /** Starts the score-only job on the topics of a broker. */
    public JobClient submitScoring(JobConfig config) throws Exception {
        return submitScoring(config, ScoreSources.kafka(config), ScoreSinks.kafka(config));
    }

    /** Starts the score-only job between given sources and sinks. */
    public JobClient submitScoring(JobConfig config, ScoreSources sources, ScoreSinks sinks) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        ScoreJob.define(env, sources, config, sinks);
        return submit(env, "gmil score " + config.study());
    }

    private JobClient submit(StreamExecutionEnvironment env, String name) throws Exception {
        var graph = env.getStreamGraph();
        graph.setJobName(name);
        JobID job = cluster.submitJob(graph.getJobGraph()).get().getJobID();
        return new ClusterClientJobClientAdapter<>(
                () -> new MiniClusterClient(settings, cluster), job, getClass().getClassLoader());
    }

    @Override
    public void close() {
        cluster.closeAsync().join();
    }
}
