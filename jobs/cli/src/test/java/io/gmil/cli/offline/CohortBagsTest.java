package io.gmil.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.ListedCohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.model.LabelScale;
import io.gmil.model.LabelledBag;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CohortBagsTest {

    private static final List<OutcomeOptions> COUNTS = List.of(OutcomeOptions.binomial(Optional.empty(), 2));

    private final ListedCohort cohort = new ListedCohort(3, 2, false)
            .add("a", 5, OptionalDouble.of(1), true, 7.5)
            .add("b", 1, OptionalDouble.empty(), true, 8)
            .add("c", 4, OptionalDouble.of(0), false, 9);

    @Test
    void putsRunsThatLieByTurnsInTheirPlaces() throws IOException {
        CohortBags bags = CohortBags.read(cohort, COUNTS);

        assertThat(bags.size()).isEqualTo(3);
        assertThat(bags.cells()).isEqualTo(10);
        for (int sample = 0; sample < bags.size(); sample++) {
            assertThat(bags.values(sample)).containsExactly(cohort.values(sample));
        }
    }

    @Test
    void labelledBagsCarryTheLabel() throws IOException {
        LabelledBag bag = CohortBags.read(cohort, COUNTS).labelled(0, new double[] {1, 7.5}, List.of(LabelScale.NONE));

        assertThat(bag.y()).isEqualTo(1);
        assertThat(bag.trials()).isEqualTo(1);
        assertThat(bag.cells().count()).isEqualTo(5);
    }

    @Test
    void refusesACohortBeyondMemoryBeforeReadingIt() {
        assertThatThrownBy(() -> CohortBags.read(cohort, COUNTS, 150))
                .isInstanceOf(CohortException.class)
                .hasMessageContaining("does not fit into memory")
                .hasMessageContaining("10 cells of width 3")
                .hasMessageContaining("-Xmx");
    }
}
