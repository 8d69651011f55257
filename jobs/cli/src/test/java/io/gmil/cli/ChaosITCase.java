package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code gmil chaos}: some of its faults, on a cluster of processes; others kill the job manager. */
class ChaosITCase {

    /** Stays where a test fails: the logs are in it. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    @Test
    @Timeout(900)
    void nothingIsLostOrDoubledByFaults() {
        Run run = Run.of("chaos --faults KILL_BEFORE_LEARNING,KILL_IN_ERASURE,CUT_NETWORK,POISON,RESCALE_UP"
                + " --test-samples 100 --cut-seconds 3 --directory "
                + directory.resolve("chaos"));

        assertThat(run.out().lines().filter(line -> line.contains(" exact ")))
                .as("%s%s", run.out(), run.err())
                .hasSize(6);
        assertThat(run.out())
                .contains("nothing lost, nothing doubled, sums exact")
                .doesNotContain("!");
        assertThat(run.code()).isZero();
    }

    @Test
    void aDirectoryThatExistsIsRefused() {
        Run.of("chaos --directory " + directory).assertRefused("--directory " + directory + ": expected a new one");
    }
}
