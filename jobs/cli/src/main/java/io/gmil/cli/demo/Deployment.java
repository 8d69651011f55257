package io.gmil.cli.demo;

import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.LocalBroker;
import io.gmil.kafka.Topic;
import io.gmil.kafka.Topics;
import io.gmil.stream.JobConfig;
import io.gmil.stream.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** A broker with its topics and a cluster with its dashboard, both in this process. */
final class Deployment implements AutoCloseable {

    private static final int MOST_LISTED_ON_ARRIVAL = 10_000;

    private final WorkDirectory work;
    private final DemoSettings settings;
    private final LocalBroker broker;
    private final LocalCluster cluster;
    private final URI dashboard;

    private Deployment(WorkDirectory work, DemoSettings settings, LocalBroker broker, LocalCluster cluster)
            throws Exception {
        this.work = work;
        this.settings = settings;
        this.broker = broker;
        this.cluster = cluster;
        // The cluster names the address it bound; a person types this one.
        this.dashboard = URI.create("http://localhost:" + cluster.dashboard().getPort());
    }

    static Deployment start(DemoSettings settings, WorkDirectory work) throws Exception {
        LocalBroker broker = LocalBroker.start(work.resolve("kafka"), 0);
        try {
            try (Admin admin = KafkaConfig.at(broker.bootstrapServers()).admin()) {
                Topics.create(admin, Math.max(Topic.CELLS.partitions(), settings.parallelism()));
            }
            Path directory = Files.createDirectories(work.resolve("flink"));
            LocalCluster cluster = LocalCluster.start(settings.port(), settings.parallelism(), directory);
            return new Deployment(work, settings, broker, cluster);
        } catch (Exception e) {
            broker.close();
            throw e;
        }
    }

    String bootstrapServers() {
        return broker.bootstrapServers();
    }

    KafkaConfig kafka() {
        return KafkaConfig.at(bootstrapServers());
    }

    URI dashboard() {
        return dashboard;
    }

    /** @param checkpointInterval unless the user has set one */
    RunningJob submit(List<String> covariates, Duration checkpointInterval) throws Exception {
        return new RunningJob(cluster.submit(JobConfig.of(jobSettings(covariates, checkpointInterval))));
    }

    private Map<String, String> jobSettings(List<String> covariates, Duration checkpointInterval) {
        String outcome =
                settings.names().outcome() + (settings.binomial() ? ":binomial:" + settings.trials() : ":bernoulli");
        int listed = settings.topK() == 0 ? 10 : Math.min(settings.topK(), MOST_LISTED_ON_ARRIVAL);
        Map<String, String> job = new HashMap<>();
        job.put("study", settings.names().study());
        job.put("outcomes", outcome);
        if (!covariates.isEmpty()) {
            job.put("covariates", String.join(",", covariates));
        }
        job.put("parallelism", Integer.toString(settings.parallelism()));
        job.put(
                "checkpoint.interval",
                settings.checkpointInterval().orElse(checkpointInterval).toString());
        job.put("checkpoint.directory", work.resolve("checkpoints").toUri().toString());
        job.put("attention.top-k", Integer.toString(listed));
        job.put("seed", Long.toString(Math.floorMod(settings.seed(), (long) Integer.MAX_VALUE)));
        settings.model().ifPresent(directory -> {
            job.put("initial-model", directory.toAbsolutePath().toUri().toString());
            job.put("initial-model.embedding", settings.names().embedding());
            job.put("initial-model.embedding-version", settings.names().embeddingVersion());
        });
        job.put("kafka.bootstrap.servers", bootstrapServers());
        return job;
    }

    @Override
    public void close() throws IOException {
        // The cluster first: its sinks and sources still talk to the broker.
        try (broker) {
            cluster.close();
        }
    }
}
