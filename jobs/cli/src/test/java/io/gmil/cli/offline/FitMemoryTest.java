package io.gmil.cli.offline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cohort.CohortException;
import io.gmil.model.ModelSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class FitMemoryTest {

    private static List<ModelSpec> width(int width) {
        return List.of(ModelSpec.binomial(1, width, 1));
    }

    /** A fit of 5000 features holds rows of sites, leaving out squares of 800 MB. */
    @Test
    void leavingOutTakesMoreThanTheFit() {
        FitMemory.requireForLeaveOneOut(width(30), 1000, 1e8);
        FitMemory.requireForLeaveOneOut(width(500), 1000, 2e9);
        assertThatThrownBy(() -> FitMemory.requireForLeaveOneOut(width(5000), 200, 2e9))
                .isInstanceOf(CohortException.class)
                .hasMessageStartingWith(
                        "--leave-one-out does not fit into memory beside the cells: expected at most 2.0 GB of heap, got 4.")
                .hasMessageContaining("for 10001 parameters; set GMIL_JAVA_OPTS to a larger -Xmx or do without it");
    }

    @Test
    void severalFitsAtATimeTakeAsManyTimesTheHeap() {
        FitMemory.require(width(30), 1000, 2, 1e9);
        assertThatThrownBy(() -> FitMemory.require(width(2000), 100_000, 1000, 1e9))
                .isInstanceOf(CohortException.class)
                .hasMessageStartingWith("the posterior does not fit into memory");
    }
}
