package io.gmil.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.gmil.cli.cluster.ClusterException;
import io.gmil.cli.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * What a job holds at a moment, in MB of 10^6 bytes.
 *
 * @param heap of each task manager, live objects after a full collection
 * @param rocksDb files of tables of all task managers
 * @param state in the last checkpoint, as Flink counts it
 * @param checkpoint bytes that the last checkpoint has written
 */
record Vitals(List<Double> heap, double rocksDb, double state, double checkpoint) {

    private static final double MB = 1e6;
    private static final double HEAP_SLACK = 4;
    private static final double STATE_SLACK = 2;
    private static final String STATE_SIZE = "state_size";
    private static final String TABLE = ".sst";
    private static final String TOTAL = "Total";

    static Vitals of(LearningJob job) throws IOException, InterruptedException {
        ProcessCluster cluster = job.cluster();
        List<Double> heap = new ArrayList<>();
        for (String name : taskManagers(cluster)) {
            heap.add(liveHeap(cluster, name));
        }
        JsonNode last = checkpoint(job)
                .orElseThrow(() -> new ClusterException("the job manager does not tell of the checkpoints"));
        return new Vitals(
                heap,
                tables(cluster),
                last.path(STATE_SIZE).asLong() / MB,
                last.path("checkpointed_size").asLong() / MB);
    }

    private static List<String> taskManagers(ProcessCluster cluster) {
        return IntStream.rangeClosed(1, cluster.settings().taskManagers())
                .mapToObj(ProcessCluster::taskManager)
                .toList();
    }

    private static Optional<JsonNode> checkpoint(LearningJob job) throws InterruptedException {
        return job.cluster().rest().get("/jobs/" + job.id() + "/checkpoints").map(answer -> answer.path("latest")
                .path("completed"));
    }

    private static double tables(ProcessCluster cluster) throws IOException {
        double tables = 0;
        for (String name : taskManagers(cluster)) {
            tables += tables(cluster.work(name));
        }
        return tables;
    }

    /**
     * Lets what is on disk and in checkpoints take part in the levels, since it swings from one merge of tables to the next.
     * Nothing is measured while the job restarts.
     */
    static void addSizes(LearningJob job, List<Levelling> levels, int bag) throws IOException, InterruptedException {
        double state =
                checkpoint(job).map(last -> last.path(STATE_SIZE).asLong() / MB).orElse(0.0);
        if (state > 0) {
            levels.get(1).add(bag, tables(job.cluster()));
            levels.get(2).add(bag, state);
        }
    }

    /** For what has to level off, nothing measured yet. */
    static List<Levelling> levels(int bags) {
        return List.of(
                new Levelling("live heap of the task managers", HEAP_SLACK, bags),
                new Levelling("RocksDB on disk", STATE_SLACK, bags),
                new Levelling("state in a checkpoint", STATE_SLACK, bags));
    }

    /** Lets the heap take part in the levels, as a whole: after a failure the tasks of one task manager may go to another. */
    void addHeap(List<Levelling> levels, int bag) {
        levels.get(0).add(bag, heap.stream().mapToDouble(Double::doubleValue).sum());
    }

    /** By the histogram of the JDK's {@code jcmd}, which collects before it counts. */
    private static double liveHeap(ProcessCluster cluster, String name) throws IOException, InterruptedException {
        OptionalLong pid = cluster.pid(name);
        if (pid.isEmpty()) {
            throw new ClusterException(name + " does not run");
        }
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid.getAsLong()),
                        "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return liveBytes(said) / MB;
    }

    /** Reads the last line of a histogram, {@code Total INSTANCES BYTES}. */
    static long liveBytes(String histogram) {
        return histogram
                .lines()
                .filter(line -> line.startsWith(TOTAL))
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length == 3)
                .mapToLong(words -> Long.parseLong(words[2]))
                .findFirst()
                .orElseThrow(() -> new ClusterException("expected a histogram with a line 'Total' from jcmd, got: "
                        + histogram.lines().findFirst().orElse("nothing")));
    }

    private static double tables(Path work) throws IOException {
        AtomicLong bytes = new AtomicLong();
        Files.walkFileTree(work, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes.addAndGet(file.toString().endsWith(TABLE) ? attributes.size() : 0);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // Compacted meanwhile.
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes.get() / MB;
    }
}
