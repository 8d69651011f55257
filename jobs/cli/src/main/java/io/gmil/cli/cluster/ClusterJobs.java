package io.gmil.cli.cluster;

import io.gmil.cli.UsageException;
import io.gmil.cli.cluster.ClusterRest.Job;
import io.gmil.cli.cluster.ClusterSettings.Application;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.stream.InitialModels;
import io.gmil.stream.JobConfig;
import io.gmil.stream.JobGraphs;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.SerializedThrowable;

/** Starts and stops jobs on a cluster. */
public final class ClusterJobs {

    private static final long ANSWER_SECONDS = 60;
    private static final long SAVEPOINT_SECONDS = 600;
    private static final long POLL_MILLIS = 100;

    private final ProcessCluster cluster;

    public ClusterJobs(ProcessCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Submits the learning job over REST; the task managers have its classes already.
     *
     * @param savepoint to begin from
     * @return id of the job, which has been accepted but may not run yet
     */
    public String submit(JobFile job, Optional<String> savepoint) throws Exception {
        return submit(JobGraphs.learning(session(job)), savepoint);
    }

    /** The same with the score-only job. */
    public String submitScoring(JobFile job, Optional<String> savepoint) throws Exception {
        return submit(JobGraphs.scoring(session(job)), savepoint);
    }

    private JobConfig session(JobFile job) {
        JobConfig config = checked(job);
        requireSession();
        return config;
    }

    private String submit(JobGraph graph, Optional<String> savepoint) throws Exception {
        savepoint.ifPresent(path -> graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(path, false)));
        try (RestClusterClient<StandaloneClusterId> client = client()) {
            return answer(client.submitJob(graph), ANSWER_SECONDS).toHexString();
        }
    }

    /**
     * Starts the job manager anew, as one that runs this job itself and ends with it.
     *
     * @return id of the job
     */
    public String runAsApplication(JobFile job, Optional<String> savepoint) throws IOException, InterruptedException {
        JobConfig config = checked(job);
        for (Job other : cluster.rest().jobs()) {
            if (!other.ended()) {
                throw new UsageException("--application needs a job manager of its own, but job " + other.id() + " is "
                        + other.state() + "; stop it with 'gmil submit --stop " + other.id() + "'");
            }
        }
        String id = new JobID().toHexString();
        Path file = cluster.applicationConfig();
        withOwnModel(job.on(cluster), config).write(file);
        cluster.stop(ProcessCluster.jobManager());
        cluster.change(cluster.settings().withApplication(Optional.of(new Application(id, file, savepoint))));
        cluster.start(ProcessCluster.jobManager());
        return id;
    }

    /**
     * The same job with a copy of the model that it begins with: its job manager reads it at every start, long after this
     * one, and in another directory.
     */
    private JobFile withOwnModel(JobFile job, JobConfig config) throws IOException {
        Optional<SavedModel> model = InitialModels.saved(config);
        if (model.isEmpty()) {
            return job;
        }
        // Refuses here, and not in a log of the job manager, what does not fit the job.
        InitialModels.of(model.get(), config.initialModel().directory(), config);
        new ModelDirectory(cluster.applicationModel()).write(model.get());
        return job.with(OptionalInt.empty(), Optional.of(cluster.applicationModel()));
    }

    private JobConfig checked(JobFile job) {
        JobConfig config = job.on(cluster).config();
        int slots = cluster.settings().taskManagers() * cluster.settings().slots();
        if (config.parallelism() > slots) {
            throw new UsageException("parallelism: expected at most the " + slots + " slots of the cluster, got "
                    + config.parallelism() + "; 'gmil cluster start --taskmanagers N' adds some");
        }
        return config;
    }

    private void requireSession() {
        cluster.settings().application().ifPresent(run -> {
            throw new UsageException("the job manager belongs to job " + run.job() + ", which runs as an application; "
                    + "stop it with 'gmil submit --stop " + run.job() + "'");
        });
    }

    /** Returns once all tasks of a job run. */
    public void awaitRunning(String job, long seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            Optional<Job> found = cluster.rest().jobs().stream()
                    .filter(of -> of.id().equals(job))
                    .findFirst();
            if (found.filter(Job::works).isPresent()) {
                return;
            }
            String state = found.map(Job::state).orElse("unknown to the cluster");
            if (found.filter(Job::ended).isPresent()) {
                throw new ClusterException("job " + job + " is " + state + ": " + failure(job));
            }
            if (System.nanoTime() > deadline) {
                throw new ClusterException("job " + job + " does not run after " + seconds + " s: it is " + state
                        + "; see " + cluster.log(ProcessCluster.jobManager()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private String failure(String job) throws InterruptedException {
        return cluster.rest()
                .get("/jobs/" + job + "/exceptions")
                .map(answer -> answer.path("root-exception").asText())
                .map(ClusterJobs::rootCause)
                .orElse("see " + cluster.log(ProcessCluster.jobManager()));
    }

    private static String rootCause(String trace) {
        return trace.lines()
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, second) -> second)
                .map(line -> line.substring("Caused by: ".length()))
                .orElseGet(() -> trace.lines().findFirst().orElse("no reason given"));
    }

    /**
     * Stops a job with a savepoint of Flink's canonical format; a job manager that was its own is one of a session after.
     *
     * @return path of the savepoint
     */
    public String stop(String job, Path savepoints) throws Exception {
        String path;
        try (RestClusterClient<StandaloneClusterId> client = client()) {
            String directory = savepoints.toAbsolutePath().toUri().toString();
            path = answer(
                    client.stopWithSavepoint(jobId(job), false, directory, SavepointFormatType.CANONICAL),
                    SAVEPOINT_SECONDS);
        }
        if (cluster.settings()
                .application()
                .filter(run -> run.job().equals(job))
                .isPresent()) {
            // It ends by itself when it has cleaned up behind its job. A session that found something left of that
            // would fail.
            cluster.awaitEnd(ProcessCluster.jobManager());
            cluster.change(cluster.settings().withApplication(Optional.empty()));
            cluster.start(ProcessCluster.jobManager());
        }
        return path;
    }

    private static JobID jobId(String job) {
        try {
            return JobID.fromHexString(job);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--stop: expected a job's id of 32 hexadecimal digits, got " + job);
        }
    }

    /** A client of Flink for what this class does not offer; the caller closes it. */
    public RestClusterClient<StandaloneClusterId> client() throws Exception {
        Configuration config = new Configuration();
        config.set(RestOptions.ADDRESS, cluster.address().getHost());
        config.set(RestOptions.PORT, cluster.address().getPort());
        return new RestClusterClient<>(config, StandaloneClusterId.getInstance());
    }

    private static <T> T answer(CompletableFuture<T> future, long seconds) throws InterruptedException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ClusterException("the job manager does not answer after " + seconds + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = ExceptionUtils.stripException(e.getCause(), ExecutionException.class);
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            String said = cause instanceof SerializedThrowable ? cause.getMessage() : rootCause(cause.toString());
            throw new ClusterException("the job manager refuses: " + said, e);
        }
    }
}
