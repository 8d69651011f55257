package io.gmil.cli.experiments;

import io.gmil.cohort.SimulationOptions;
import java.util.List;

/**
 * One setting of an experiment: cohorts, and the models that are fitted to each of their outcomes.
 *
 * @param setting as written on the axis
 * @param cohorts simulated one after another
 * @param distortion of their embeddings
 * @param contenders compared on the same bags
 */
public record Case(String setting, List<SimulationOptions> cohorts, Distortion distortion, List<Contender> contenders) {

    /** One cohort as it was simulated. */
    static Case of(String setting, SimulationOptions cohort, Contender... contenders) {
        return new Case(setting, List.of(cohort), Distortion.NONE, List.of(contenders));
    }

    int fits() {
        return contenders.size()
                * cohorts.stream().mapToInt(SimulationOptions::outcomes).sum();
    }
}
