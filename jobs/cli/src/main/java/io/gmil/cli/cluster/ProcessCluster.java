package io.gmil.cli.cluster;

import io.gmil.cli.UsageException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A broker, a job manager and task managers on this machine, each a process of its own that outlives the one that started
 * it. Any of them may die, or be killed here, and be started again on its own ports and files. Belongs to one thread.
 */
public final class ProcessCluster {

    private static final long END_SECONDS = 15;
    private static final long OWN_END_SECONDS = 60;

    private final ClusterDirectory directory;
    private ClusterSettings settings;

    private ProcessCluster(ClusterDirectory directory, ClusterSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** The name of the broker's process. */
    public static String broker() {
        return ClusterProcess.BROKER;
    }

    /** The name of the job manager's process. */
    public static String jobManager() {
        return ClusterProcess.JOB_MANAGER;
    }

    /** The name of a task manager's process, from 1. */
    public static String taskManager(int number) {
        return ClusterProcess.taskManager(number);
    }

    /**
     * A cluster that was started once, whether it runs or not.
     *
     * @throws UsageException where there is none
     */
    public static ProcessCluster open(Path root) throws IOException {
        ClusterDirectory directory = new ClusterDirectory(root);
        if (!directory.exists()) {
            throw new UsageException("no cluster in " + root + "; 'gmil cluster start' makes one");
        }
        return new ProcessCluster(directory, ClusterSettings.read(directory.settings()));
    }

    /** A new cluster, of which nothing runs yet; ports that are 0 are chosen now. */
    public static ProcessCluster create(Path root, ClusterSettings settings) throws IOException {
        ClusterDirectory directory = new ClusterDirectory(root);
        if (directory.exists()) {
            throw new UsageException("there is a cluster in " + root + " already");
        }
        Files.createDirectories(directory.root());
        ProcessCluster cluster = new ProcessCluster(
                directory, settings.withPorts(Ports.chosen(settings.restPort()), Ports.chosen(settings.brokerPort())));
        cluster.save();
        return cluster;
    }

    private void save() throws IOException {
        settings.write(directory.settings());
    }

    public ClusterSettings settings() {
        return settings;
    }

    /** Adds task managers, or options that processes take over when they are next started. */
    public void change(ClusterSettings to) throws IOException {
        settings = to;
        save();
    }

    /** REST interface and dashboard. */
    public URI address() {
        return URI.create("http://" + FlinkConfig.HOST + ":" + settings.restPort());
    }

    public ClusterRest rest() {
        return new ClusterRest(address());
    }

    public String bootstrapServers() {
        return FlinkConfig.HOST + ":" + settings.brokerPort();
    }

    /** Where checkpoints go unless a job says otherwise. */
    public Path checkpoints() {
        return directory.checkpoints();
    }

    public Path savepoints() {
        return directory.savepoints();
    }

    Path applicationConfig() {
        return directory.of(jobManager()).resolve("application.properties");
    }

    /** Of the job that runs as an application: its copy, which no one else moves or deletes. */
    Path applicationModel() {
        return directory.of(jobManager()).resolve("initial-model");
    }

    /** Names of all processes, in the order of their start. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(broker(), jobManager()));
        for (int number = 1; number <= settings.taskManagers(); number++) {
            names.add(taskManager(number));
        }
        return names;
    }

    private ClusterProcess process(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException("process: expected one of " + names() + ", got " + name);
        }
        return new ClusterProcess(directory, name);
    }

    /** Id of a process; empty unless it runs. */
    public OptionalLong pid(String name) {
        return process(name)
                .handle()
                .map(handle -> OptionalLong.of(handle.pid()))
                .orElse(OptionalLong.empty());
    }

    /** Whether a process ended without being stopped. */
    public boolean died(String name) {
        return process(name).died();
    }

    /** Where a process keeps what it works with, the state of its tasks among it; emptied at every start. */
    public Path work(String name) {
        return directory.work(name);
    }

    public Path log(String name) {
        return process(name).log();
    }

    /**
     * Starts what does not run, and returns when all of it answers. Whatever it has started it ends again when that fails,
     * or when this JVM is told to end meanwhile.
     *
     * @return names of the processes that were started
     * @throws UsageException when a port is taken
     * @throws ClusterException when a process ends by itself or does not answer in time
     */
    public List<String> start() throws IOException, InterruptedException {
        return start(names().stream().map(this::process).toList());
    }

    /** Starts one process unless it runs, and returns when it answers. */
    public void start(String name) throws IOException, InterruptedException {
        start(List.of(process(name)));
    }

    private List<String> start(List<ClusterProcess> processes) throws IOException, InterruptedException {
        try (Startup startup = new Startup(this, directory)) {
            startup.run(processes);
            return startup.started();
        }
    }

    /** What has to be before a process is started. */
    void prepare(String name) throws IOException {
        if (name.equals(broker())) {
            Ports.requireFree(settings.brokerPort(), "of the broker", "--broker-port");
        } else if (name.equals(jobManager())) {
            Ports.requireFree(settings.restPort(), "of the dashboard", "--port");
            if (settings.application().filter(directory::ended).isPresent()) {
                // An application that has ended is not run again from its beginning.
                change(settings.withApplication(Optional.empty()));
            }
        }
        Files.createDirectories(directory.of(name));
    }

    /** {@code kill -9}; nothing happens where the process does not run. */
    public void kill(String name) {
        process(name).kill();
    }

    /** Lets a process stand still, as one that hangs, until it is thawed or killed. */
    public void freeze(String name) throws IOException, InterruptedException {
        process(name).signal("STOP");
    }

    public void thaw(String name) throws IOException, InterruptedException {
        process(name).signal("CONT");
    }

    /** Ends one process in order. */
    public void stop(String name) throws IOException {
        ClusterProcess process = process(name);
        process.terminate();
        process.awaitEnd(END_SECONDS);
    }

    /** Waits until a process that has done its work has ended, and makes it end when that takes too long. */
    public void awaitEnd(String name) throws IOException {
        process(name).awaitEnd(OWN_END_SECONDS);
    }

    public void restart(String name) throws IOException, InterruptedException {
        kill(name);
        start(name);
    }

    /**
     * Ends all processes. Jobs that run are kept for the next start, with what they have learnt.
     *
     * @return names of those that ran
     */
    public List<String> stop() throws IOException {
        List<String> running =
                names().stream().filter(name -> process(name).alive()).toList();
        // Flink first: its sinks and sources still talk to the broker. The job manager before all, or it would mourn
        // every task manager.
        process(jobManager()).terminate();
        process(jobManager()).awaitEnd(END_SECONDS);
        List<ClusterProcess> taskManagers =
                names().stream().map(this::process).skip(2).toList();
        taskManagers.forEach(ClusterProcess::terminate);
        for (ClusterProcess taskManager : taskManagers) {
            taskManager.awaitEnd(END_SECONDS);
        }
        stop(broker());
        return running;
    }
}
