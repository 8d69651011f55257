package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ProcessCluster;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the processes of a cluster take of the processors while nothing is asked of them. */
final class ProcessorTime {

    private ProcessorTime() {}

    /** @return share of one core, 1 = all of it, over the next while */
    static double overNext(Duration window, ProcessCluster cluster) throws InterruptedException {
        long began = System.nanoTime();
        long before = nanos(cluster);
        TimeUnit.MILLISECONDS.sleep(window.toMillis());
        return (nanos(cluster) - before) / (double) (System.nanoTime() - began);
    }

    private static long nanos(ProcessCluster cluster) {
        return cluster.names().stream()
                .flatMapToLong(name -> cluster.pid(name).stream())
                .mapToObj(ProcessHandle::of)
                .flatMap(process -> process.flatMap(known -> known.info().totalCpuDuration()).stream())
                .mapToLong(Duration::toNanos)
                .sum();
    }
}
