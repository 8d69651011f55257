package io.gmil.cli;

import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.SimulatedResponse;
import java.util.List;
import picocli.CommandLine.Option;

/** How the labels of a simulated cohort are drawn. */
final class ResponseArguments {

    private static final int CLASSES = 3;
    private static final double NOISE = 0.5;
    private static final double V_GROUP = 0.5;

    @Option(
            names = "--likelihood",
            defaultValue = "binomial",
            paramLabel = "NAME",
            description =
                    "Of the labels: binomial (of 2 trials), bernoulli, categorical or normal (default: binomial).")
    private Outcome likelihood;

    @Option(
            names = "--classes",
            paramLabel = "C",
            description = "Of a categorical label, each with its own effects (default: " + CLASSES + ").")
    private Integer classes;

    @Option(
            names = "--noise",
            paramLabel = "SD",
            description = "Standard deviation of a normal label around its linear predictor (default: " + NOISE + ").")
    private Double noise;

    @Option(
            names = "--groups",
            paramLabel = "G",
            description = "Batches of bags that share an intercept, in a column batch (default: none).")
    private Integer groups;

    @Option(
            names = "--v-group",
            paramLabel = "V",
            description = "Variance of the intercepts of batches (default: " + V_GROUP + ").")
    private Double vGroup;

    /** The response asked for, once there are no problems. */
    SimulatedResponse response() {
        SimulatedResponse response =
                switch (likelihood) {
                    case BINOMIAL -> SimulatedResponse.binomial();
                    case BERNOULLI -> SimulatedResponse.bernoulli();
                    case CATEGORICAL -> SimulatedResponse.categorical(classes == null ? CLASSES : classes);
                    case NORMAL -> SimulatedResponse.normal(noise == null ? NOISE : noise);
                };
        return groups == null ? response : response.withGroups(groups, vGroup == null ? V_GROUP : vGroup);
    }

    void addProblems(List<String> problems) {
        if (classes != null && likelihood != Outcome.CATEGORICAL) {
            problems.add("--classes needs --likelihood categorical");
        } else if (classes != null && classes < 2) {
            problems.add("--classes: expected at least 2, got " + classes);
        }
        if (noise != null && likelihood != Outcome.NORMAL) {
            problems.add("--noise needs --likelihood normal");
        } else if (noise != null && !(noise >= 0 && Double.isFinite(noise))) {
            problems.add("--noise: expected a standard deviation of at least 0, got " + noise);
        }
        if (groups != null && groups < 1) {
            problems.add("--groups: expected at least 1, got " + groups);
        }
        if (vGroup != null && groups == null) {
            problems.add("--v-group needs --groups");
        } else if (vGroup != null && !(vGroup >= 0 && Double.isFinite(vGroup))) {
            problems.add("--v-group: expected a variance of at least 0, got " + vGroup);
        }
    }

    /** Options by which the other commands read such a cohort. */
    String readBy() {
        String labels =
                switch (likelihood) {
                    case BINOMIAL -> " --likelihood binomial --trials " + SimulatedResponse.TRIALS;
                    case BERNOULLI -> "";
                    case CATEGORICAL -> " --likelihood categorical";
                    case NORMAL -> " --likelihood normal";
                };
        return labels + (groups == null ? "" : " --random-intercept batch");
    }

    /** Whether each bag has one effect, rather than one for each class. */
    boolean oneEffect() {
        return likelihood != Outcome.CATEGORICAL;
    }

    /** Whether labels are of the kind that the demo simulates itself. */
    boolean ofThePaper() {
        return likelihood == Outcome.BINOMIAL && groups == null;
    }
}
