package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.checkpoint.CheckpointIDCounter;

/** Counts checkpoints in a file, so that an id is not given twice however often the job manager dies. */
final class FileCheckpointCounter implements CheckpointIDCounter {

    private final Path file;
    private long next;

    FileCheckpointCounter(Path file) throws IOException {
        this.file = file;
        this.next = Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : INITIAL_CHECKPOINT_ID;
    }

    @Override
    public void start() {
        // Read when it was made.
    }

    @Override
    public synchronized long getAndIncrement() throws IOException {
        long given = next;
        setCount(given + 1);
        return given;
    }

    @Override
    public synchronized long get() {
        return next;
    }

    @Override
    public synchronized void setCount(long count) throws IOException {
        WholeFile.write(file, Long.toString(count).getBytes(StandardCharsets.UTF_8));
        next = count;
    }

    @Override
    public synchronized CompletableFuture<Void> shutdown(JobStatus status) {
        if (status.isGloballyTerminalState()) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        return CompletableFuture.completedFuture(null);
    }
}
