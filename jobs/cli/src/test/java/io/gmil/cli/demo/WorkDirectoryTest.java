package io.gmil.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

    /** Above the largest process id of any system. */
    private static final long NOBODY = 1L << 40;

    @TempDir
    private Path out;

    @Test
    void removesItselfAndWhatAKilledRunLeft() throws IOException {
        Path left = Files.createDirectories(out.resolve(".run-" + NOBODY).resolve("kafka"));
        Files.writeString(left.resolve("00000.log"), "x");
        Files.writeString(out.resolve("summary.json"), "{}");
        try (WorkDirectory work = WorkDirectory.createIn(out)) {
            assertThat(out.resolve(".run-" + NOBODY)).doesNotExist();
            Files.writeString(work.resolve("file"), "x");
            assertThat(work.resolve("file")).exists();
        }

        assertThat(out).isDirectoryNotContaining("glob:**.run-*");
        assertThat(out.resolve("summary.json")).exists();
    }
}
