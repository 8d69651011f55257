package io.gmil.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import io.gmil.cli.cluster.ClusterSettings.Application;
import io.gmil.kafka.ProxiedListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterSettingsTest {

    @TempDir
    private Path directory;

    @Test
    void areReadAsTheyWereWritten() throws IOException {
        Path file = directory.resolve("cluster.properties");
        ClusterSettings session = new ClusterSettings(
                3, 2, 8081, 9092, Map.of("a.b", "c = d"), Optional.empty(), Optional.of(new ProxiedListener(1, 2)));
        ClusterSettings application = session.withApplication(
                Optional.of(new Application("ab", Path.of("/x/job.properties"), Optional.of("file:/s p"))));

        for (ClusterSettings settings : new ClusterSettings[] {session, application}) {
            settings.write(file);
            assertThat(ClusterSettings.read(file)).isEqualTo(settings);
        }
    }

    @Test
    void aDamagedFileIsNamed() throws IOException {
        Path file = directory.resolve("cluster.properties");
        Files.writeString(file, "taskmanagers = 1\nslots = two\n");

        assertThatThrownBy(() -> ClusterSettings.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessage("cluster.properties: slots: expected a whole number, got two");
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThatThrownBy(() -> ClusterSettings.of(0, 8081, 9092))
                .hasMessage("--taskmanagers: expected 1 to 64, got 0");
        assertThatThrownBy(() -> ClusterSettings.of(1, 70_000, 9092))
                .hasMessage("--port: expected 0 to 65535, got 70000");
    }
}
