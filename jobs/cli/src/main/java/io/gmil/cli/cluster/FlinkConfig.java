package io.gmil.cli.cluster;

import io.gmil.cli.cluster.ha.FileHaServicesFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.TaskManagerOptions.TaskManagerLoadBalanceMode;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessSpec;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;
import org.apache.flink.runtime.highavailability.ApplicationResultStoreOptions;
import org.apache.flink.runtime.jobmanager.JobManagerProcessSpec;
import org.apache.flink.runtime.jobmanager.JobManagerProcessUtils;
import org.apache.flink.runtime.util.config.memory.ProcessMemoryUtils;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;

/**
 * Configuration of one of Flink's processes, with the memory worked out as Flink's start scripts do.
 *
 * @param lines of {@code config.yaml}
 * @param jvm options of the virtual machine that follow from the memory
 */
record FlinkConfig(List<String> lines, List<String> jvm) {

    /** Everything listens here and nowhere else. */
    static final String HOST = "127.0.0.1";

    /** The name under {@code high-availability.storageDir} that all processes of a cluster share. */
    static final String CLUSTER = "gmil";

    static FlinkConfig ofJobManager(ClusterDirectory directory, ClusterSettings settings, String name) {
        Configuration config = common(directory, settings, name);
        config.set(JobManagerOptions.JVM_HEAP_MEMORY, MemorySize.ofMebiBytes(512));
        config.set(JobManagerOptions.JVM_METASPACE, MemorySize.ofMebiBytes(192));
        config.set(RestOptions.BIND_ADDRESS, HOST);
        config.set(RestOptions.BIND_PORT, Integer.toString(settings.restPort()));
        config.set(WebOptions.SUBMIT_ENABLE, false);
        config.set(WebOptions.REFRESH_INTERVAL, Duration.ofSeconds(1));
        settings.application().ifPresent(run -> config.set(ClusterOptions.CLUSTER_ID, run.job()));
        settings.flink().forEach(config::setString);
        JobManagerProcessSpec memory = JobManagerProcessUtils.processSpecFromConfig(config);
        return of(
                config,
                JobManagerProcessUtils.generateDynamicConfigsStr(memory),
                JobManagerProcessUtils.generateJvmParametersStr(memory, config));
    }

    static FlinkConfig ofTaskManager(ClusterDirectory directory, ClusterSettings settings, String name) {
        Configuration config = common(directory, settings, name);
        // The same after a restart: the job manager drops the dead one of that name at once.
        config.set(TaskManagerOptions.TASK_MANAGER_RESOURCE_ID, name);
        config.set(TaskManagerOptions.NUM_TASK_SLOTS, settings.slots());
        config.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, MemorySize.ofMebiBytes(1600));
        config.set(TaskManagerOptions.JVM_METASPACE, MemorySize.ofMebiBytes(192));
        config.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(96));
        config.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(96));
        config.set(TaskManagerOptions.MANAGED_MEMORY_FRACTION, 0.3f);
        // With the data and not beside the logs, where those of killed processes would pile up.
        config.set(RocksDBConfigurableOptions.LOG_DIR, directory.work(name).toString());
        // ND4J's matrices live outside the heap.
        config.set(TaskManagerOptions.TASK_OFF_HEAP_MEMORY, MemorySize.ofMebiBytes(128));
        settings.flink().forEach(config::setString);
        TaskExecutorProcessSpec memory = TaskExecutorProcessUtils.processSpecFromConfig(config);
        return of(
                config,
                TaskExecutorProcessUtils.generateDynamicConfigsStr(memory),
                ProcessMemoryUtils.generateJvmParametersStr(memory));
    }

    private static Configuration common(ClusterDirectory directory, ClusterSettings settings, String name) {
        Configuration config = new Configuration();
        config.set(JobManagerOptions.ADDRESS, HOST);
        config.set(JobManagerOptions.BIND_HOST, HOST);
        // Any free one: the leader's file has the address.
        config.set(JobManagerOptions.PORT, 0);
        config.set(TaskManagerOptions.HOST, HOST);
        config.set(TaskManagerOptions.BIND_HOST, HOST);
        config.set(RestOptions.ADDRESS, HOST);
        config.set(RestOptions.PORT, settings.restPort());
        config.set(HighAvailabilityOptions.HA_MODE, FileHaServicesFactory.class.getName());
        config.set(HighAvailabilityOptions.HA_STORAGE_PATH, uri(directory.highAvailability()));
        config.set(HighAvailabilityOptions.HA_CLUSTER_ID, CLUSTER);
        // Kept, so that a restart does not run an application again that has ended.
        config.set(ApplicationResultStoreOptions.DELETE_ON_COMMIT, false);
        config.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(directory.checkpoints()));
        config.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, uri(directory.savepoints()));
        // A killed process is missed after two beats; one that hangs, or collects garbage, after ten seconds.
        config.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(1));
        config.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(10));
        // Subtasks of one job on every task manager instead of all on the first.
        config.set(TaskManagerOptions.TASK_MANAGER_LOAD_BALANCE_MODE, TaskManagerLoadBalanceMode.SLOTS);
        config.set(CoreOptions.TMP_DIRS, directory.work(name).toString());
        config.set(ClusterOptions.PROCESS_WORKING_DIR_BASE, directory.work(name).toString());
        return config;
    }

    private static FlinkConfig of(Configuration config, String memory, String jvm) {
        for (String word : memory.split("-D", -1)) {
            if (!word.isBlank()) {
                String[] pair = word.strip().split("=", 2);
                config.setString(pair[0], pair[1]);
            }
        }
        return new FlinkConfig(
                ConfigurationUtils.convertConfigToWritableLines(config, false),
                List.of(jvm.strip().split("\\s+")));
    }

    private static String uri(Path path) {
        return path.toUri().toString();
    }
}
