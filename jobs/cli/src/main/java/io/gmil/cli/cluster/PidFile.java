package io.gmil.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Id and start of a process, as the system gives ids of ended processes to others. */
final class PidFile {

    /** The system's clock is set now and then, and start times move with it. */
    private static final Duration SAME_START = Duration.ofSeconds(5);

    private final Path file;

    PidFile(Path file) {
        this.file = file;
    }

    void write(ProcessHandle process) throws IOException {
        Files.writeString(file, process.pid() + " " + started(process).toEpochMilli() + "\n");
    }

    /** The process if it is alive; empty where there is no file, or what it names has ended. */
    Optional<ProcessHandle> process() {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
        if (!text.matches("\\d{1,18} \\d{1,18}")) {
            return Optional.empty();
        }
        String[] words = text.split(" ", 2);
        Instant started = Instant.ofEpochMilli(Long.parseLong(words[1]));
        return ProcessHandle.of(Long.parseLong(words[0]))
                .filter(PidFile::runs)
                .filter(process ->
                        Duration.between(started, started(process)).abs().compareTo(SAME_START) < 0);
    }

    /** Whether a process runs. One that has ended but that nobody has asked for still counts as alive to Java. */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            // "PID (NAME) STATE ...", where the name may have brackets of its own.
            char state = status.charAt(status.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException e) {
            return process.isAlive(); // No such files on this system, or gone in this moment.
        }
    }

    /** Whether a file was left by a process that did not end by {@link #delete}. */
    boolean stale() {
        return Files.exists(file) && process().isEmpty();
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
