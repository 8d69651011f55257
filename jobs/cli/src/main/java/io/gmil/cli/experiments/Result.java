package io.gmil.cli.experiments;

import java.util.ArrayList;
import java.util.List;

/**
 * What an experiment measured.
 *
 * @param name of it
 * @param scale it was run at
 * @param fits in the order of its cases
 * @param seconds for everything, on the clock
 */
public record Result(ExperimentName name, Scale scale, List<Measured> fits, double seconds) {

    Experiment experiment() {
        return name.experiment();
    }

    /** Settings of the table: all together at the end where they are alike. */
    List<String> rows() {
        List<String> rows = new ArrayList<>(Measured.settings(fits));
        if (experiment().alike()) {
            rows.add(Measured.ALL);
        }
        return rows;
    }

    /** Of the rows in which both models of the contrast were fitted. */
    List<Contrast.Difference> differences() {
        return experiment().contrast().over(rows(), fits);
    }
}
