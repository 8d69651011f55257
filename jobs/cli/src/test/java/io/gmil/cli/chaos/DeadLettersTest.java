package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.chaos.DeadLetters.Expected;
import io.gmil.cli.chaos.DeadLetters.Place;
import io.gmil.schema.DeadLetter;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    private final DeadLetters letters = new DeadLetters();

    @BeforeEach
    void expectOne() {
        letters.expect(new Expected(Set.of(new Place("t", 0, 4), new Place("t", 1, 2)), "width"));
    }

    @Test
    void oneOfAnyOfThePlacesIsEnough() {
        assertThat(letters.lost()).isOne();
        assertThat(letters.missing()).containsExactly("width");

        take("width 4", 1, 2);

        assertThat(letters.lost()).isZero();
        assertThat(letters.doubled()).isZero();
        assertThat(letters.missing()).isEmpty();
    }

    @Test
    void aSecondOneIsTooMany() {
        take("width 4", 1, 2);
        take("width 4", 0, 4);

        assertThat(letters.doubled()).isOne();
    }

    @Test
    void anotherCauseOrPlaceIsNotWhatWasExpected() {
        take("checksum", 0, 4);
        take("width 4", 0, 5);

        assertThat(letters.lost()).isOne();
        assertThat(letters.doubled()).isEqualTo(2);
    }

    private void take(String cause, int partition, long offset) {
        letters.take(DeadLetter.newBuilder()
                .setCause(cause)
                .setTopic("t")
                .setPartition(partition)
                .setOffset(offset)
                .setRejectedAt(Instant.EPOCH)
                .build());
    }
}
