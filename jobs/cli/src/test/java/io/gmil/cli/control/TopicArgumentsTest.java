package io.gmil.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class TopicArgumentsTest {

    @TempDir
    private Path directory;

    private Path settings;

    @BeforeEach
    void write() throws IOException {
        settings = directory.resolve("job.properties");
        Files.write(settings, List.of("study = s", "outcomes = Y:bernoulli"));
    }

    /** {@code gmil submit} takes the cluster's broker for such a job. */
    @Test
    void aJobMayLeaveItsBrokerToTheCommandLine() throws IOException {
        TopicArguments.Place place = place("--config", settings.toString(), "--bootstrap-servers", "h:1");
        assertThat(place.study()).isEqualTo("s");
        assertThat(place.kafka().bootstrapServers()).isEqualTo("h:1");

        refused("kafka.bootstrap.servers: expected host:port", "--config", settings.toString());
    }

    @Test
    void withoutSettingsTheStudyIsNamed() throws IOException {
        assertThat(place("--bootstrap-servers", "h:1", "--study", "t").study()).isEqualTo("t");
        assertThat(place("--bootstrap-servers", "h:1").study()).isEqualTo("default");
        refused("expected --config or --bootstrap-servers, got neither");
        refused("--study: expected none beside --config", "--config", settings.toString(), "--study", "t");
    }

    private static void refused(String message, String... arguments) {
        assertThatThrownBy(() -> place(arguments))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message);
    }

    private static TopicArguments.Place place(String... arguments) throws IOException {
        Asked asked = new Asked();
        new CommandLine(asked).parseArgs(arguments);
        return asked.topics.place();
    }

    @Command
    private static final class Asked {
        @CommandLine.Mixin
        private TopicArguments topics = new TopicArguments();
    }
}
