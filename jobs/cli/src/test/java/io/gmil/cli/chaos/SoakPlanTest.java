package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SoakPlanTest {

    @Test
    void killsAreEvenlySpacedAndTheJobManagerGoesWithTheMiddleOne() {
        SoakPlan plan = new SoakPlan(50_000, 1000, 5, 60, 42);

        assertThat(IntStream.rangeClosed(1, 50_000).filter(plan::kills))
                .containsExactly(5000, 15_000, 25_000, 35_000, 45_000);
        assertThat(IntStream.rangeClosed(1, 50_000).filter(plan::killsJobManager))
                .containsExactly(25_000);
    }

    @Test
    void withoutKillsNothingIsKilled() {
        SoakPlan plan = new SoakPlan(2000, 200, 0, 60, 42);

        assertThat(IntStream.range(-100, 2001).filter(bag -> plan.kills(bag) || plan.killsJobManager(bag)))
                .isEmpty();
    }

    @Test
    void refusesMoreKillsThanFit() {
        assertThatThrownBy(() -> new SoakPlan(2000, 200, 6, 60, 42))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("got 2000 bags and 6 kills");
    }

    @Test
    void refusesAPopulationThatIsNotFullInTime() {
        assertThatThrownBy(() -> new SoakPlan(2000, 501, 1, 60, 42))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--labelled: expected 1 to a quarter of the 2000 bags, got 501");
    }
}
