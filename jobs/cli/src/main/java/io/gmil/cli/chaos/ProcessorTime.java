package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the processes of a cluster take of the processors, as {@code /proc} counts it. The compilers of their virtual machines
 * are left out: for minutes after any work they go on to compile what was busy then.
 */
final class ProcessorTime {

    /** Of user time among the numbers after a thread's name, system time comes next; in hundredths of a second. */
    private static final int USER_TIME = 11;

    private static final double TICKS_PER_SECOND = 100;

    private ProcessorTime() {}

    /** @return share of one core, 1 = all of it, over the next while */
    static double overNext(Duration window, ProcessCluster cluster) throws InterruptedException {
        long began = System.nanoTime();
        Map<Path, Long> before = ticks(cluster);
        TimeUnit.MILLISECONDS.sleep(window.toMillis());
        long ticks = ticks(cluster).entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                .sum();
        return ticks / TICKS_PER_SECOND * 1e9 / (System.nanoTime() - began);
    }

    /** By thread. */
    private static Map<Path, Long> ticks(ProcessCluster cluster) {
        Map<Path, Long> ticks = new HashMap<>();
        for (String name : cluster.names()) {
            cluster.pid(name).ifPresent(pid -> {
                for (Path thread : threads(pid)) {
                    add(thread, ticks);
                }
            });
        }
        return ticks;
    }

    private static List<Path> threads(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.toList();
        } catch (IOException e) {
            throw new UncheckedIOException("processor time of process " + pid, e);
        }
    }

    private static void add(Path thread, Map<Path, Long> ticks) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            if (!stat.contains("CompilerThre")) {
                String[] numbers = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                ticks.put(thread, Long.parseLong(numbers[USER_TIME]) + Long.parseLong(numbers[USER_TIME + 1]));
            }
        } catch (IOException e) {
            // One that has ended since it was listed counts no more.
            if (Files.exists(thread)) {
                throw new UncheckedIOException("processor time of thread " + thread, e);
            }
        }
    }
}
