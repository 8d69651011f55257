package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.checkpoint.CheckpointIDCounter;
import org.apache.flink.runtime.checkpoint.CheckpointRecoveryFactory;
import org.apache.flink.runtime.checkpoint.CompletedCheckpoint;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStore;
import org.apache.flink.runtime.checkpoint.DefaultCompletedCheckpointStore;
import org.apache.flink.runtime.checkpoint.DefaultCompletedCheckpointStoreUtils;
import org.apache.flink.runtime.state.SharedStateRegistryFactory;
import org.apache.flink.util.FlinkException;

/** Each job's completed checkpoints and their counter, in a directory of the job's id. */
final class FileCheckpointRecovery implements CheckpointRecoveryFactory {

    private final Path jobs;
    private final Executor executor;

    FileCheckpointRecovery(Path jobs, Executor executor) {
        this.jobs = jobs;
        this.executor = executor;
    }

    @Override
    public CompletedCheckpointStore createRecoveredCompletedCheckpointStore(
            JobID job,
            int retained,
            SharedStateRegistryFactory sharedState,
            Executor ioExecutor,
            RecoveryClaimMode claimMode)
            throws FlinkException {
        try {
            FileStateHandleStore<CompletedCheckpoint> files =
                    new FileStateHandleStore<>(directory(job).resolve("checkpoints"));
            Collection<CompletedCheckpoint> found =
                    DefaultCompletedCheckpointStoreUtils.retrieveCompletedCheckpoints(files, EntryNames.CHECKPOINTS);
            return new DefaultCompletedCheckpointStore<>(
                    retained,
                    files,
                    EntryNames.CHECKPOINTS,
                    found,
                    sharedState.create(ioExecutor, found, claimMode),
                    executor);
        } catch (Exception e) {
            throw new FlinkException("the checkpoints of job " + job + " cannot be read from " + directory(job), e);
        }
    }

    @Override
    public CheckpointIDCounter createCheckpointIDCounter(JobID job) throws IOException {
        return new FileCheckpointCounter(directory(job).resolve("counter"));
    }

    private Path directory(JobID job) {
        return jobs.resolve(job.toHexString());
    }
}
