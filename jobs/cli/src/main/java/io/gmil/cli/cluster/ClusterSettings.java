package io.gmil.cli.cluster;

import io.gmil.cli.UsageException;
import io.gmil.kafka.ProxiedListener;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a cluster is to be; kept in its directory, so that what died is started again as it was.
 *
 * @param taskManagers processes that work
 * @param slots of each task manager
 * @param restPort of the job manager's REST interface and dashboard
 * @param brokerPort of Kafka
 * @param flink options of Flink that go before those of this project
 * @param application the one job of a job manager in application mode; empty for a session
 * @param proxied a second way to the broker, to be cut by tests of faults
 */
public record ClusterSettings(
        int taskManagers,
        int slots,
        int restPort,
        int brokerPort,
        Map<String, String> flink,
        Optional<Application> application,
        Optional<ProxiedListener> proxied) {

    private static final String FLINK = "flink.";

    /**
     * A job that is the job manager's own.
     *
     * @param job its id, 32 hexadecimal digits
     * @param config its properties file
     * @param savepoint to begin from
     */
    public record Application(String job, Path config, Optional<String> savepoint) {}

    public ClusterSettings {
        flink = Map.copyOf(flink);
        requireRange("--taskmanagers", taskManagers, 1, 64);
        requireRange("--slots", slots, 1, 64);
        requireRange("--port", restPort, 0, 65_535);
        requireRange("--broker-port", brokerPort, 0, 65_535);
    }

    private static void requireRange(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new UsageException(option + ": expected " + least + " to " + most + ", got " + value);
        }
    }

    /** A session with these task managers, two slots each; a port of 0 stands for any free one. */
    public static ClusterSettings of(int taskManagers, int restPort, int brokerPort) {
        return new ClusterSettings(taskManagers, 2, restPort, brokerPort, Map.of(), Optional.empty(), Optional.empty());
    }

    public ClusterSettings withTaskManagers(int number) {
        return new ClusterSettings(number, slots, restPort, brokerPort, flink, application, proxied);
    }

    /** @param number of each task manager */
    public ClusterSettings withSlots(int number) {
        return new ClusterSettings(taskManagers, number, restPort, brokerPort, flink, application, proxied);
    }

    public ClusterSettings withProxied(ProxiedListener second) {
        return new ClusterSettings(taskManagers, slots, restPort, brokerPort, flink, application, Optional.of(second));
    }

    ClusterSettings withPorts(int rest, int broker) {
        return new ClusterSettings(taskManagers, slots, rest, broker, flink, application, proxied);
    }

    ClusterSettings withApplication(Optional<Application> of) {
        return new ClusterSettings(taskManagers, slots, restPort, brokerPort, flink, of, proxied);
    }

    static ClusterSettings read(Path file) throws IOException {
        Properties from = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            from.load(reader);
        }
        Map<String, String> flink = new TreeMap<>();
        from.stringPropertyNames().stream()
                .filter(name -> name.startsWith(FLINK))
                .forEach(name -> flink.put(name.substring(FLINK.length()), from.getProperty(name)));
        return new ClusterSettings(
                whole(from, "taskmanagers"),
                whole(from, "slots"),
                whole(from, "port"),
                whole(from, "broker-port"),
                flink,
                application(from),
                proxied(from));
    }

    private static Optional<Application> application(Properties from) {
        return Optional.ofNullable(from.getProperty("application.job"))
                .map(job -> new Application(
                        job,
                        Path.of(from.getProperty("application.config")),
                        Optional.ofNullable(from.getProperty("application.savepoint"))));
    }

    private static Optional<ProxiedListener> proxied(Properties from) {
        return from.containsKey("proxied-port")
                ? Optional.of(new ProxiedListener(whole(from, "proxied-port"), whole(from, "proxy-port")))
                : Optional.empty();
    }

    private static int whole(Properties from, String key) {
        String value = from.getProperty(key, "nothing");
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new UsageException("cluster.properties: " + key + ": expected a whole number, got " + value);
        }
    }

    void write(Path file) throws IOException {
        Properties to = new Properties();
        to.setProperty("taskmanagers", Integer.toString(taskManagers));
        to.setProperty("slots", Integer.toString(slots));
        to.setProperty("port", Integer.toString(restPort));
        to.setProperty("broker-port", Integer.toString(brokerPort));
        flink.forEach((key, value) -> to.setProperty(FLINK + key, value));
        application.ifPresent(run -> {
            to.setProperty("application.job", run.job());
            to.setProperty("application.config", run.config().toString());
            run.savepoint().ifPresent(path -> to.setProperty("application.savepoint", path));
        });
        proxied.ifPresent(second -> {
            to.setProperty("proxied-port", Integer.toString(second.port()));
            to.setProperty("proxy-port", Integer.toString(second.proxyPort()));
        });
        try (Writer writer = Files.newBufferedWriter(file)) {
            to.store(writer, null);
        }
    }
}
