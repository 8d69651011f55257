package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.runtime.leaderelection.LeaderInformation;

/** The lock that makes a process leader, and beside it a file for each component of the leader: session id and address. */
final class LeaderFiles {

    private final Path directory;

    LeaderFiles(Path directory) {
        this.directory = directory;
    }

    /** Takes the lock if it is free; closing its channel, or the end of the process, releases it. */
    Optional<FileLock> tryLock() throws IOException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this process, as below by another.
        }
        if (lock == null) {
            channel.close();
        }
        return Optional.ofNullable(lock);
    }

    void write(String component, LeaderInformation leader) throws IOException {
        if (leader.isEmpty()) {
            delete(component);
            return;
        }
        String text = leader.getLeaderSessionID() + "\n" + leader.getLeaderAddress() + "\n";
        WholeFile.write(directory.resolve(component), text.getBytes(StandardCharsets.UTF_8));
    }

    /** The leader of a component as last published; empty where there is none. A killed leader stays until the next. */
    LeaderInformation read(String component) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(directory.resolve(component));
        } catch (NoSuchFileException e) {
            return LeaderInformation.empty();
        }
        return LeaderInformation.known(UUID.fromString(lines.get(0)), lines.get(1));
    }

    void delete(String component) throws IOException {
        Files.deleteIfExists(directory.resolve(component));
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
