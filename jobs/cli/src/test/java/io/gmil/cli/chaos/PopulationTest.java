package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.chaos.Move.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PopulationTest {

    private static final int MOST = 50;
    private static final int BAGS = 5000;

    @Test
    void booksAgreeWithWhatWasSent() {
        Population population = new Population(MOST, 7);
        Set<Integer> labelled = new HashSet<>();
        Set<Integer> bags = new HashSet<>();
        for (int i = 0; i < BAGS; i++) {
            for (Move move : population.next(i)) {
                if (move.bag()) {
                    assertThat(bags.add(Population.code(move.patient(), move.bagRevision())))
                            .isTrue();
                }
                switch (move.kind()) {
                    case ADMIT -> assertThat(labelled.add(move.patient())).isTrue();
                    case REVISE, CORRECT -> assertThat(labelled).contains(move.patient());
                    case RETRACT, ERASE ->
                        assertThat(labelled.remove(move.patient())).isTrue();
                    default -> assertThat(labelled).doesNotContain(move.patient());
                }
            }
        }
        assertThat(population.bags()).isEqualTo(BAGS).isEqualTo(bags.size());
        assertThat(population.labelled()).isEqualTo(labelled.size()).isBetween(MOST - 5, MOST);
        assertThat(population.count(Kind.ERASE)).isGreaterThan(BAGS / 100);
    }

    @Test
    void leavesPatientsAloneOfWhomSomethingIsUnderWay() {
        Population population = new Population(MOST, 7);
        Map<Integer, Integer> touched = new HashMap<>();
        int predicted = 0;
        for (int bag = 0; bag < BAGS; bag++) {
            // Predictions come in bursts, as checkpoints commit them.
            predicted = bag % 400 == 0 ? bag : predicted;
            for (Move move : population.next(predicted)) {
                Integer before = move.kind() == Kind.REPEAT ? null : touched.put(move.patient(), bag);
                if (before != null) {
                    assertThat(before + Population.QUIET_BAGS).isLessThan(predicted);
                }
            }
        }
    }

    @Test
    void countsRevisionsUpwards() {
        Population population = new Population(MOST, 7);
        Map<Integer, Move> last = new HashMap<>();
        for (int bag = 0; bag < BAGS; bag++) {
            for (Move move : population.next(bag)) {
                Move before = last.get(move.patient());
                if (move.kind() == Kind.REVISE) {
                    assertThat(move.bagRevision()).isEqualTo(before.bagRevision() + 1);
                } else if (List.of(Kind.CORRECT, Kind.RETRACT).contains(move.kind())) {
                    assertThat(move.labelRevision()).isEqualTo(before.labelRevision() + 1);
                }
                last.put(move.patient(), move);
            }
        }
    }
}
