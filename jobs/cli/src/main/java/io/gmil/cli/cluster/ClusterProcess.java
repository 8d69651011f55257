package io.gmil.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.util.FileUtils;

/** One of a cluster's processes, whether it runs or not, known by its name. */
final class ClusterProcess {

    static final String BROKER = "broker";
    static final String JOB_MANAGER = "jobmanager";

    private static final String TASK_MANAGER = "taskmanager-";
    private static final long KILL_SECONDS = 10;
    private static final long POLL_MILLIS = 20;

    private final ClusterDirectory directory;
    private final String name;
    private final PidFile pid;

    ClusterProcess(ClusterDirectory directory, String name) {
        this.directory = directory;
        this.name = name;
        this.pid = new PidFile(directory.pid(name));
    }

    /** @param number from 1 */
    static String taskManager(int number) {
        return TASK_MANAGER + number;
    }

    String name() {
        return name;
    }

    Path log() {
        return directory.log(name);
    }

    /** Empty unless it runs. */
    Optional<ProcessHandle> handle() {
        return pid.process();
    }

    boolean alive() {
        return handle().isPresent();
    }

    /** Whether it ended without being stopped. */
    boolean died() {
        return pid.stale();
    }

    /** Starts it with the present settings; returns before it is ready. */
    void start(ClusterSettings settings) throws IOException {
        FileUtils.deleteDirectory(directory.work(name).toFile());
        Files.createDirectories(directory.work(name));
        Process process = program(settings).start(directory.of(name), log(), directory.output(name));
        try {
            pid.write(process.toHandle());
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private JavaProcess program(ClusterSettings settings) throws IOException {
        if (name.equals(BROKER)) {
            List<String> arguments =
                    new ArrayList<>(List.of(directory.broker().toString(), Integer.toString(settings.brokerPort())));
            settings.proxied()
                    .ifPresent(second -> arguments.addAll(
                            List.of(Integer.toString(second.port()), Integer.toString(second.proxyPort()))));
            return new JavaProcess(BrokerProcess.class.getName(), List.of("-Xms128m", "-Xmx512m"), arguments);
        }
        Path conf = Files.createDirectories(directory.configuration(name));
        boolean jobManager = name.equals(JOB_MANAGER);
        FlinkConfig config = jobManager
                ? FlinkConfig.ofJobManager(directory, settings, name)
                : FlinkConfig.ofTaskManager(directory, settings, name);
        Files.write(conf.resolve("config.yaml"), config.lines());
        return jobManager
                ? JobManagerProgram.of(settings, conf, config.jvm())
                : new JavaProcess(
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                        config.jvm(),
                        List.of("--configDir", conf.toString()));
    }

    /** Ends it at once, as {@code kill -9} does; the pid file stays behind. Does nothing where nothing runs. */
    void kill() {
        handle().ifPresent(process -> {
            process.destroyForcibly();
            if (!ends(process, KILL_SECONDS)) {
                throw new ClusterException(name + " (process " + process.pid() + ") cannot be killed");
            }
        });
    }

    /** Sends a signal by its name; does nothing where nothing runs. */
    void signal(String signal) throws IOException, InterruptedException {
        Optional<ProcessHandle> process = handle();
        if (process.isPresent()) {
            String pid = Long.toString(process.get().pid());
            int code = new ProcessBuilder("kill", "-" + signal, pid)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new ClusterException(name + " (process " + pid + ") did not take signal " + signal);
            }
        }
    }

    /** Asks it to end. */
    void terminate() {
        handle().ifPresent(ProcessHandle::destroy);
    }

    /** Waits for its end, makes it end when it takes too long, and removes the pid file. */
    void awaitEnd(long seconds) throws IOException {
        Optional<ProcessHandle> process = handle();
        if (process.isPresent() && !ends(process.get(), seconds)) {
            kill();
        }
        pid.delete();
    }

    private static boolean ends(ProcessHandle process, long seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try {
            while (PidFile.runs(process)) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says why it ended by itself, as far as its files tell. */
    ClusterException ended() throws IOException {
        return new ClusterException("%s ended by itself; see %s (last line: %s)"
                .formatted(name, log(), JavaProcess.lastLine(Files.exists(log()) ? log() : directory.output(name))));
    }
}
