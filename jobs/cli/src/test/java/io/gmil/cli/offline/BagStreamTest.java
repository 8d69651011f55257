package io.gmil.cli.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.ListedCohort;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.cohort.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BagStreamTest {

    private static final OptionalDouble ONE = OptionalDouble.of(1);

    private static ListedCohort cohort(int runLength) {
        return new ListedCohort(3, runLength, true)
                .add("a", 10, ONE, true)
                .add("b", 4, ONE, false)
                .add("c", 7, ONE, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 100})
    void bagsAreWholeHoweverTheyWereRead(int runLength) throws IOException {
        ListedCohort cohort = cohort(runLength);
        List<Integer> order = new ArrayList<>();
        List<Long> read = new ArrayList<>();
        BagStream.Visitor visitor = bag -> {
            order.add(bag.sample());
            assertThat(bag.values()).isEqualTo(cohort.values(bag.sample()));
            assertThat(bag.cells().count()).isEqualTo(bag.cellIds().length);
            List<String> types = bag.cellTypes().names();
            short[] codes = bag.cellTypes().request(0).cellTypeCodes();
            assertThat(types).containsExactly("type 0", "type 1", "type 2");
            for (int cell = 0; cell < bag.cellIds().length; cell++) {
                assertThat(bag.cellIds()[cell]).isEqualTo(ListedCohort.cellId(bag.sample(), cell));
                assertThat(codes[cell] < 0 ? null : types.get(codes[cell])).isEqualTo(ListedCohort.cellType(cell));
                assertThat(bag.trueWeights()[cell]).isEqualTo(cohort.trueWeight(bag.sample(), cell));
            }
        };
        BagStream.read(cohort, Sample::training, visitor, read::add);
        assertThat(read).isSorted().last().isEqualTo(17L);
        assertThat(order).containsExactlyElementsOf(runLength == 100 ? List.of(0, 2) : List.of(2, 0));
    }

    @Test
    void trainingSamplesAreACohortOfTheirOwn() throws IOException {
        ListedCohort all = cohort(3).add("u", 5, OptionalDouble.empty(), true);
        TrainingSamples training = new TrainingSamples(all);

        assertThat(training.samples()).extracting(Sample::id).containsExactly("a", "c");
        CohortBags bags = CohortBags.read(training, List.of(OutcomeOptions.bernoulli(Optional.empty(), List.of())));
        assertThat(bags.values(0)).isEqualTo(all.values(0));
        assertThat(bags.values(1)).isEqualTo(all.values(2));
    }
}
