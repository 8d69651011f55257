package io.gmil.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.cluster.ClusterSettings.Application;
import io.gmil.cli.cluster.ha.FileHaServicesFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Flink reads from the files that are written for it. */
class FlinkConfigTest {

    @TempDir
    private Path directory;

    private Configuration read(FlinkConfig config) throws IOException {
        Files.write(directory.resolve("config.yaml"), config.lines());
        return GlobalConfiguration.loadConfiguration(directory.toString());
    }

    private FlinkConfig jobManager(ClusterSettings settings) {
        return FlinkConfig.ofJobManager(new ClusterDirectory(directory), settings, "jobmanager");
    }

    private FlinkConfig taskManager(ClusterSettings settings) {
        return FlinkConfig.ofTaskManager(new ClusterDirectory(directory), settings, "taskmanager-3");
    }

    @Test
    void listensOnLoopbackOnly() throws IOException {
        for (FlinkConfig config : List.of(
                jobManager(ClusterSettings.of(1, 8081, 9092)), taskManager(ClusterSettings.of(1, 8081, 9092)))) {
            assertThat(read(config).toMap())
                    .containsEntry("jobmanager.bind-host", "127.0.0.1")
                    .containsEntry("taskmanager.bind-host", "127.0.0.1")
                    .containsEntry("taskmanager.host", "127.0.0.1")
                    .containsEntry("rest.address", "127.0.0.1");
        }
        assertThat(read(jobManager(ClusterSettings.of(1, 8081, 9092))).toMap())
                .containsEntry("rest.bind-address", "127.0.0.1")
                .containsEntry("rest.bind-port", "8081");
    }

    @Test
    void jobManagerAndTaskManagersMeetInTheSameDirectory() throws IOException {
        Map<String, String> jobManager =
                read(jobManager(ClusterSettings.of(1, 8081, 9092))).toMap();
        Map<String, String> taskManager =
                read(taskManager(ClusterSettings.of(1, 8081, 9092))).toMap();
        for (String key : List.of("high-availability.storageDir", "high-availability.cluster-id")) {
            assertThat(taskManager.get(key)).isEqualTo(jobManager.get(key)).isNotNull();
        }
        assertThat(jobManager).containsEntry("high-availability.type", FileHaServicesFactory.class.getName());
    }

    @Test
    void theVirtualMachineGetsTheMemoryOfTheFile() throws IOException {
        FlinkConfig config = taskManager(ClusterSettings.of(1, 8081, 9092));
        Configuration read = read(config);
        long heap = read.get(TaskManagerOptions.TASK_HEAP_MEMORY).getBytes()
                + read.get(TaskManagerOptions.FRAMEWORK_HEAP_MEMORY).getBytes();

        assertThat(config.jvm()).contains("-Xmx" + heap);
        assertThat(read.get(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID)).isEqualTo("taskmanager-3");
        assertThat(jobManager(ClusterSettings.of(1, 8081, 9092)).jvm()).contains("-Xmx" + (512L << 20));
    }

    @Test
    void optionsOfTheUserGoFirst() throws IOException {
        ClusterSettings settings = new ClusterSettings(
                1,
                4,
                8081,
                9092,
                Map.of("heartbeat.timeout", "3 s", "taskmanager.memory.process.size", "3g"),
                Optional.empty(),
                Optional.empty());
        FlinkConfig config = taskManager(settings);

        assertThat(read(config).toMap())
                .containsEntry("heartbeat.timeout", "3 s")
                .containsEntry("taskmanager.numberOfTaskSlots", "4");
        assertThat(config.jvm())
                .isNotEqualTo(taskManager(ClusterSettings.of(1, 8081, 9092)).jvm());
    }

    @Test
    void anApplicationIsRunUnderItsOwnId() {
        String job = "00112233445566778899aabbccddeeff";
        ClusterSettings settings = ClusterSettings.of(1, 8081, 9092)
                .withApplication(Optional.of(new Application(job, directory.resolve("job"), Optional.of("s-1"))));

        List<String> command =
                JobManagerProgram.of(settings, directory, List.of()).command(directory);
        assertThat(command)
                .containsSubsequence("--job-id", job, "--fromSavepoint", "s-1", "--", "--config")
                .endsWith(directory.resolve("job").toString());
        assertThat(jobManager(settings).lines()).anyMatch(line -> line.contains(job));
    }
}
