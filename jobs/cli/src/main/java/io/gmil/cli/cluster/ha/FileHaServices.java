package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.blob.BlobUtils;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.highavailability.AbstractHaServices;
import org.apache.flink.runtime.highavailability.FileSystemApplicationResultStore;
import org.apache.flink.runtime.highavailability.FileSystemJobResultStore;
import org.apache.flink.runtime.jobmanager.ApplicationStore;
import org.apache.flink.runtime.jobmanager.DefaultApplicationStore;
import org.apache.flink.runtime.jobmanager.DefaultExecutionPlanStore;
import org.apache.flink.runtime.jobmanager.ExecutionPlanStore;
import org.apache.flink.runtime.jobmanager.NoOpExecutionPlanStoreWatcher;
import org.apache.flink.runtime.leaderretrieval.DefaultLeaderRetrievalService;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.concurrent.ExecutorThreadFactory;

/**
 * High availability of the job manager with nothing but a directory: a job manager that is killed and started again finds
 * its jobs, their latest completed checkpoints and the task managers, without being told.
 *
 * <p>Flink 2 brings this for ZooKeeper and for Kubernetes only. Starting a fresh job manager and submitting the job again
 * from the newest {@code _metadata} would need a watcher outside Flink that guesses which checkpoint is complete and which
 * job it belongs to, and would change the job's id. Flink's own recovery knows both; it lacks a place to keep four
 * small things, and {@link AbstractHaServices} lets one be named:
 *
 * <ul>
 *   <li>who leads: an exclusive lock on a file, which the kernel releases with the process, however that ends
 *       ({@link FileLeaderElection}); a second job manager waits for it as a stand-by;
 *   <li>the graphs of running jobs, and applications: files ({@link FileStateHandleStore}) under Flink's own
 *       {@link DefaultExecutionPlanStore} and {@link DefaultApplicationStore};
 *   <li>pointers to completed checkpoints and their counter ({@link FileCheckpointRecovery});
 *   <li>results of ended jobs: Flink's {@link FileSystemJobResultStore}.
 * </ul>
 *
 * <p>All processes have to see the same directory with working file locks: those of one machine. The interfaces are
 * internal to Flink and may change with its version; the integration test of the cluster says so when they do.
 */
@SuppressWarnings("try") // Flink declares close() so.
final class FileHaServices extends AbstractHaServices {

    private final Path directory;
    private final LeaderFiles leaders;
    private final ScheduledExecutorService poller;

    FileHaServices(Configuration configuration, Executor io, Path directory) throws IOException {
        this(configuration, io, directory, new LeaderFiles(directory.resolve("leaders")), poller());
    }

    private FileHaServices(
            Configuration configuration,
            Executor io,
            Path directory,
            LeaderFiles leaders,
            ScheduledExecutorService poller)
            throws IOException {
        super(
                configuration,
                listener -> FileLeaderElection.enter(leaders, poller, listener),
                io,
                BlobUtils.createBlobStoreFromConfig(configuration),
                FileSystemJobResultStore.fromConfiguration(configuration, io),
                FileSystemApplicationResultStore.fromConfiguration(configuration, io));
        this.directory = directory;
        this.leaders = leaders;
        this.poller = poller;
    }

    private static ScheduledExecutorService poller() {
        return Executors.newSingleThreadScheduledExecutor(new ExecutorThreadFactory("file-leader"));
    }

    @Override
    protected LeaderRetrievalService createLeaderRetrievalService(String component) {
        return new DefaultLeaderRetrievalService(
                (handler, errors) -> LeaderWatch.start(leaders, component, poller, handler));
    }

    @Override
    protected CheckpointRecoveryFactory createCheckpointRecoveryFactory() {
        return new FileCheckpointRecovery(directory.resolve("jobs"), ioExecutor);
    }

    @Override
    protected ExecutionPlanStore createExecutionPlanStore() throws IOException {
        return new DefaultExecutionPlanStore<>(
                new FileStateHandleStore<>(directory.resolve("plans")),
                NoOpExecutionPlanStoreWatcher.INSTANCE,
                EntryNames.JOBS);
    }

    @Override
    protected ApplicationStore createApplicationStore() throws IOException {
        return new DefaultApplicationStore<>(
                new FileStateHandleStore<>(directory.resolve("applications")), EntryNames.APPLICATIONS);
    }

    @Override
    protected void internalClose() {
        poller.shutdownNow();
    }

    @Override
    protected void internalCleanup() throws IOException {
        FileUtils.deleteDirectory(directory.toFile());
    }

    @Override
    protected void internalCleanupJobData(JobID job) throws IOException {
        leaders.delete(getLeaderPathForJobManager(job));
        Files.deleteIfExists(
                directory.resolve("jobs").resolve(job.toHexString()).resolve("checkpoints"));
        Files.deleteIfExists(directory.resolve("jobs").resolve(job.toHexString()));
    }

    @Override
    protected String getLeaderPathForResourceManager() {
        return "resource-manager";
    }

    @Override
    protected String getLeaderPathForDispatcher() {
        return "dispatcher";
    }

    @Override
    protected String getLeaderPathForJobManager(JobID job) {
        return "job-" + job.toHexString();
    }

    @Override
    protected String getLeaderPathForRestServer() {
        return "rest-server";
    }
}
