package io.gmil.bench;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.Locale;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all benchmarks and prints one table, see README.md. */
public final class Bench {
    private static final String THREADS = "OMP_NUM_THREADS";
    private static final String USAGE = "usage: Bench [--only <regex>] [--race <most epochs>]";

    private Bench() {}

    public static void main(String[] arguments) throws RunnerException {
        // BLAS reads it when it is loaded, so it cannot be set from here; child processes inherit it.
        if (!"1".equals(System.getenv(THREADS))) {
            refuse("bench: expected " + THREADS + "=1 in the environment, as the gmil launcher sets it, got "
                    + System.getenv(THREADS));
        }
        String only = ".*";
        int mostEpochs = 0;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) {
                refuse(USAGE);
            }
            switch (arguments[i]) {
                case "--only" -> only = arguments[i + 1];
                case "--race" -> mostEpochs = Integer.parseInt(arguments[i + 1]);
                default -> refuse(USAGE);
            }
        }
        run(System.out, only, mostEpochs);
    }

    private static void refuse(String message) {
        System.err.println(message);
        System.exit(2);
    }

    private static void run(PrintStream out, String only, int mostEpochs) throws RunnerException {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        out.println("About 6 minutes for all of them, on an idle machine ...");
        double loadBefore = system.getSystemLoadAverage();
        ChainedOptionsBuilder options = options(only)
                .forks(1)
                .jvmArgs("-Xmx1g")
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(2))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1));
        String table = new Report(new Runner(options.build()).run()).table();
        out.printf(
                Locale.ROOT,
                "JDK %s, %s, %d processors, load %.1f before and %.1f after, 1 thread%n%n",
                Runtime.version(),
                system.getArch(),
                system.getAvailableProcessors(),
                loadBefore,
                system.getSystemLoadAverage());
        out.print(table);
        if (mostEpochs > 0) {
            out.print(new Race(mostEpochs).run());
        }
    }

    /** What every run has in common. */
    static ChainedOptionsBuilder options(String only) {
        return new OptionsBuilder()
                .include("^io\\.gmil\\.bench\\..*" + only)
                .addProfiler(CpuTime.class)
                .threads(1)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
    }
}
