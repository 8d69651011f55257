package io.gmil.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import io.gmil.stream.JobConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFileTest {

    @TempDir
    private Path directory;

    private JobFile file(String... lines) throws IOException {
        return JobFile.read(Files.writeString(directory.resolve("job.properties"), String.join("\n", lines)));
    }

    private ProcessCluster cluster() throws IOException {
        return ProcessCluster.create(directory.resolve("cluster"), ClusterSettings.of(1, 1234, 2345));
    }

    @Test
    void brokerAndCheckpointsAreTheClustersByDefault() throws IOException {
        JobConfig config = file("outcomes = Y:bernoulli").on(cluster()).config();

        assertThat(config.kafkaConfig().bootstrapServers()).isEqualTo("127.0.0.1:2345");
        assertThat(config.checkpointDirectory())
                .isEqualTo(directory.resolve("cluster/checkpoints").toUri().toString());
    }

    @Test
    void whatTheFileNamesStays() throws IOException {
        JobConfig config = file(
                        "outcomes = Y:bernoulli",
                        "kafka.bootstrap.servers = a:1",
                        "checkpoint.directory = file:/c",
                        "parallelism = 2")
                .with(OptionalInt.of(3), Optional.of(Path.of("/m")))
                .on(cluster())
                .config();

        assertThat(config.kafkaConfig().bootstrapServers()).isEqualTo("a:1");
        assertThat(config.checkpointDirectory()).isEqualTo("file:/c");
        assertThat(config.parallelism()).isEqualTo(3);
        assertThat(config.initialModel().directory()).isEqualTo("file:///m");
    }

    @Test
    void aJobManagerOfItsOwnReadsTheSame() throws IOException {
        JobFile job = file("outcomes = Y:bernoulli", "study = ü").on(cluster());
        Path copy = directory.resolve("copy.properties");
        job.write(copy);

        assertThat(JobFile.read(copy).config()).isEqualTo(job.config());
    }

    @Test
    void problemsNameTheFile() throws IOException {
        JobFile job = file("outcome = Y:bernoulli").on(cluster());

        assertThatThrownBy(job::config)
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(directory.resolve("job.properties") + ": ")
                .hasMessageContaining("unknown setting 'outcome'");
        assertThatThrownBy(() -> JobFile.read(directory.resolve("none")))
                .isInstanceOf(UsageException.class)
                .hasMessage("--config: " + directory.resolve("none") + " cannot be read");
    }
}
