package io.gmil.cli;

import io.gmil.cohort.SimulationOptions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Size of a cohort simulated by the paper's law. */
public final class SimulationArguments {

    // The law of the paper's simulation: variance of bag effect and attention logit, intercept.
    private static final double V_BETA = 0.5;
    private static final double V_GAMMA = 0.8;
    private static final double INTERCEPT = -1.0;

    @Option(names = "--bags", paramLabel = "N", description = "Simulated training bags (default: 1000).")
    private Integer bags;

    @Option(names = "--test-bags", paramLabel = "N", description = "Simulated bags that are not learnt (default: 200).")
    private Integer testBags;

    @Option(names = "--cells", paramLabel = "N", description = "Cells in each simulated bag (default: 50).")
    private Integer cells;

    @Option(names = "--dim", paramLabel = "Q", description = "Features of a simulated cell (default: 30).")
    private Integer dim;

    /** The simulation asked for. */
    public SimulationOptions options(long seed) {
        List<String> problems = new ArrayList<>();
        atLeast(2, "--bags", bags, problems);
        atLeast(0, "--test-bags", testBags, problems);
        atLeast(1, "--cells", cells, problems);
        atLeast(1, "--dim", dim, problems);
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
        return new SimulationOptions(
                orElse(bags, 1000),
                orElse(testBags, 200),
                orElse(cells, 50),
                orElse(dim, 30),
                V_BETA,
                V_GAMMA,
                INTERCEPT,
                seed);
    }

    /** Names of the options that were given. */
    List<String> given() {
        List<String> names = new ArrayList<>();
        if (bags != null) {
            names.add("--bags");
        }
        if (testBags != null) {
            names.add("--test-bags");
        }
        if (cells != null) {
            names.add("--cells");
        }
        if (dim != null) {
            names.add("--dim");
        }
        return names;
    }

    private static void atLeast(int least, String name, Integer value, List<String> problems) {
        if (value != null && value < least) {
            problems.add(name + ": expected at least " + least + ", got " + value);
        }
    }

    private static int orElse(Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
