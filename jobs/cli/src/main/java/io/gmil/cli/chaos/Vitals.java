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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

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
    private static final String TABLE = ".sst";
    private static final String TOTAL = "Total";

    static Vitals of(LearningJob job) throws IOException, InterruptedException {
        ProcessCluster cluster = job.cluster();
        List<Double> heap = new ArrayList<>();
        double rocksDb = 0;
        for (int number = 1; number <= cluster.settings().taskManagers(); number++) {
            String name = ProcessCluster.taskManager(number);
            heap.add(liveHeap(cluster, name));
            rocksDb += tables(cluster.work(name));
        }
        JsonNode last = cluster.rest()
                .get("/jobs/" + job.id() + "/checkpoints")
                .map(answer -> answer.path("latest").path("completed"))
                .orElseThrow(() -> new ClusterException("the job manager does not tell of the checkpoints"));
        return new Vitals(
                heap,
                rocksDb,
                last.path("state_size").asLong() / MB,
                last.path("checkpointed_size").asLong() / MB);
    }

    /** For what has to level off, nothing measured yet. */
    static List<Levelling> levels(int bags) {
        return List.of(
                new Levelling("live heap of the task managers", HEAP_SLACK, bags),
                new Levelling("RocksDB on disk", STATE_SLACK, bags),
                new Levelling("state in a checkpoint", STATE_SLACK, bags));
    }

    /**
     * Takes part in the levels. The heap counts as a whole: after a failure the tasks of one task manager may go to another.
     *
     * @param bag bags that were sent before
     */
    void addTo(List<Levelling> levels, int bag) {
        levels.get(0).add(bag, heap.stream().mapToDouble(Double::doubleValue).sum());
        levels.get(1).add(bag, rocksDb);
        levels.get(2).add(bag, state);
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
