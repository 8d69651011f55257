package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenBookTest {

    private final TokenBook tokens = new TokenBook();

    @Test
    void onlyTheNewestVersionOfAModelIsOpen() {
        tokens.offer(1, "a", new Version(1, 5));
        tokens.offer(1, "a", new Version(1, 7));
        tokens.offer(1, "a", new Version(1, 6));
        tokens.offer(1, "b", new Version(1, 2));
        tokens.offer(2, "a", new Version(1, 9));

        assertThat(open(1)).containsExactly(Map.entry("a", new Version(1, 7)), Map.entry("b", new Version(1, 2)));
        assertThat(open(2)).containsExactly(Map.entry("a", new Version(1, 9)));
        assertThat(open(3)).isEmpty();
    }

    @Test
    void aNewerGenerationCountsWhateverItsNumber() {
        tokens.offer(1, "a", new Version(1, 500));
        tokens.offer(1, "a", new Version(2, 3));
        assertThat(open(1)).containsExactly(Map.entry("a", new Version(2, 3)));
        assertThat(new Version(1, 500).newerThan(new Version(2, 3))).isFalse();
        assertThat(new Version(2, 3).newerThan(new Version(2, 3))).isFalse();
    }

    @Test
    void aClosedTokenStaysClosedUntilTheNextOffer() {
        tokens.offer(1, "a", new Version(1, 1));
        Iterator<Map.Entry<String, Version>> open = tokens.open(1);
        open.next();
        open.remove();
        assertThat(open(1)).isEmpty();
        tokens.offer(1, "a", new Version(1, 2));
        assertThat(open(1)).hasSize(1);
    }

    @Test
    void aPosteriorThatDoesNotComeIsLookedForEverMoreSeldomAndThenNoMore() {
        Map.Entry<String, Version> ahead = Map.entry("a", new Version(9, 5));
        assertThat(tokens.wait(1, ahead, 1000)).isEqualTo(2);
        assertThat(tokens.wait(1, ahead, 1002)).isEqualTo(2);
        assertThat(tokens.wait(1, ahead, 1004)).isEqualTo(4);
        assertThat(tokens.wait(2, ahead, 1004)).isEqualTo(2);
        assertThat(tokens.wait(1, Map.entry("a", new Version(9, 6)), 1004)).isEqualTo(2);
        assertThat(tokens.wait(2, ahead, 3000)).isNegative();
    }

    @Test
    void aVersionIsAnsweredOnceByEachShard() {
        assertThat(tokens.answer(1, "a", new Version(1, 5))).isTrue();
        assertThat(tokens.answer(1, "a", new Version(1, 5))).isFalse();
        assertThat(tokens.answer(1, "a", new Version(1, 4))).isFalse();
        assertThat(tokens.answer(2, "a", new Version(1, 5))).isTrue();
        assertThat(tokens.answer(1, "b", new Version(1, 5))).isTrue();
        assertThat(tokens.answer(1, "a", new Version(1, 6))).isTrue();
        assertThat(tokens.answer(1, "a", new Version(2, 0))).isTrue();
    }

    private List<Map.Entry<String, Version>> open(int shard) {
        List<Map.Entry<String, Version>> entries = new ArrayList<>();
        tokens.open(shard).forEachRemaining(entry -> entries.add(Map.entry(entry.getKey(), entry.getValue())));
        return entries;
    }
}
