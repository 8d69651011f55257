package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordPartsTest {

    @Test
    void aListIsSplitByItsLengthAndByThatOfItsTexts() {
        List<String> shortOnes =
                IntStream.range(0, 25_000).mapToObj(i -> "c" + i).toList();
        assertThat(RecordParts.of(shortOnes, String::length))
                .hasSize(3)
                .allMatch(part -> part.size() <= RecordParts.ENTRIES)
                .satisfies(parts ->
                        assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(shortOnes));

        List<String> longOnes = Collections.nCopies(2_000, "x".repeat(1_000));
        assertThat(RecordParts.of(longOnes, String::length))
                .hasSize(4)
                .allMatch(part -> part.size() * 1_000 <= RecordParts.CHARS)
                .satisfies(parts ->
                        assertThat(parts.stream().mapToInt(List::size).sum()).isEqualTo(2_000));
    }

    @Test
    void nothingIsOneEmptyPartAndWhatIsTooLongIsAlone() {
        assertThat(RecordParts.of(List.<String>of(), String::length)).containsExactly(List.of());
        assertThat(RecordParts.of(List.of("a", "bb", "c"), text -> text.length() * RecordParts.CHARS))
                .containsExactly(List.of("a"), List.of("bb"), List.of("c"));
    }
}
