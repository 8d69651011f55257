package io.gmil.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PidFileTest {

    @TempDir
    private Path directory;

    private Path file;
    private PidFile pid;

    @BeforeEach
    void create() {
        file = directory.resolve("some.pid");
        pid = new PidFile(file);
    }

    @Test
    void knowsALivingProcess() throws IOException {
        pid.write(ProcessHandle.current());

        assertThat(pid.process()).contains(ProcessHandle.current());
        assertThat(pid.stale()).isFalse();
    }

    @Test
    void noFileIsNoProcess() {
        assertThat(pid.process()).isEmpty();
        assertThat(pid.stale()).isFalse();
    }

    @Test
    void aProcessThatEndedLeavesAStaleFile() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        pid.write(process.toHandle());
        assertThat(pid.process()).isPresent();
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        assertThat(pid.process()).isEmpty();
        assertThat(pid.stale()).isTrue();
        pid.delete();
        assertThat(pid.stale()).isFalse();
    }

    @Test
    void anotherProcessWithTheSameIdIsNotIt() throws IOException {
        Files.writeString(file, ProcessHandle.current().pid() + " 1000\n");

        assertThat(pid.process()).isEmpty();
        assertThat(pid.stale()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", "x y", "1 2 3", "99999999999999999999 1"})
    void aFileCutShortIsStale(String text) throws IOException {
        Files.writeString(file, text);

        assertThat(pid.process()).isEmpty();
        assertThat(pid.stale()).isTrue();
    }
}
