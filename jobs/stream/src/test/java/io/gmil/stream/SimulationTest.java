package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Many schedules, each from a seed. More of them, or one again with its steps printed:
 *
 * <pre>
 * mvn -pl jobs/stream -am test -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dgmil.simulation.schedules=10000
 * mvn -pl jobs/stream -am test -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dgmil.simulation.seed=17
 * </pre>
 */
class SimulationTest {

    private static final long SCHEDULES = Long.getLong("gmil.simulation.schedules", 200);
    private static final Optional<Long> SEED = Optional.ofNullable(Long.getLong("gmil.simulation.seed"));

    @Test
    void noScheduleViolatesAnInvariant() {
        long began = System.nanoTime();
        List<String> violations = SEED.map(LongStream::of)
                .orElse(LongStream.range(0, SCHEDULES))
                .parallel()
                .mapToObj(seed -> Violations.of(seed, Simulation::new))
                .flatMap(Optional::stream)
                .limit(3)
                .toList();
        assertThat(violations).isEmpty();
        if (SCHEDULES > 1000) {
            System.out.printf("%d schedules in %.0f s, no violation%n", SCHEDULES, (System.nanoTime() - began) / 1e9);
        }
    }
}
