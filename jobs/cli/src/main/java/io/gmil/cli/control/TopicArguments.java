package io.gmil.cli.control;

import io.gmil.cli.UsageException;
import io.gmil.kafka.KafkaConfig;
import io.gmil.stream.JobConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which study on which broker: as a job's settings say, or given one by one. */
final class TopicArguments {

    private static final String DEFAULT_STUDY = "default";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of the job: its study and how to reach Kafka.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT",
            description = "Kafka, where there is no --config or it names none.")
    private Optional<String> bootstrapServers = Optional.empty();

    @Option(names = "--study", paramLabel = "NAME", description = "Where there is no --config (default: default).")
    private Optional<String> study = Optional.empty();

    /** The study and its broker. */
    record Place(String study, KafkaConfig kafka) {}

    Place place() throws IOException {
        if (config.isEmpty() && bootstrapServers.isEmpty()) {
            throw new UsageException("expected --config or --bootstrap-servers, got neither");
        }
        if (config.isEmpty()) {
            return new Place(study.orElse(DEFAULT_STUDY), KafkaConfig.at(bootstrapServers.orElseThrow()));
        }
        if (study.isPresent()) {
            throw new UsageException("--study: expected none beside --config, which names it");
        }
        try {
            JobConfig job = JobConfig.load(
                    config.get(),
                    bootstrapServers
                            .map(servers -> Map.of(KafkaConfig.BOOTSTRAP_SERVERS, servers))
                            .orElse(Map.of()));
            return new Place(job.study(), job.kafkaConfig());
        } catch (IllegalArgumentException e) {
            throw new UsageException(config.get() + ": " + e.getMessage());
        }
    }
}
