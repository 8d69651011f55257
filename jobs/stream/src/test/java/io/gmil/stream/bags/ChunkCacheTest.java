package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChunkCacheTest {

    private final ChunkCache cache = new ChunkCache(100);

    @Test
    void theOldestGoWhenThereIsNoRoom() {
        byte[] last = new byte[40];
        cache.put("a", new byte[40]);
        cache.put("b", new byte[40]);
        cache.put("c", last);
        assertThat(cache.remove("a")).isNull();
        assertThat(cache.remove("c")).isSameAs(last);
        assertThat(cache.remove("c")).isNull();
    }

    @Test
    void aRecycledArrayIsHandedOutOnce() {
        byte[] used = new byte[40];
        cache.recycle(used);
        assertThat(cache.spare()).isSameAs(used);
        assertThat(cache.spare()).isEmpty();
    }

    @Test
    void sparesGiveWayToChunksAndCountAsRoom() {
        cache.recycle(new byte[60]);
        cache.recycle(new byte[60]);
        cache.put("a", new byte[80]);
        assertThat(cache.spare()).isEmpty();
        assertThat(cache.remove("a")).hasSize(80);
    }

    @Test
    void theArrayOfAReplacedChunkIsSpare() {
        byte[] former = new byte[30];
        byte[] newer = new byte[30];
        cache.put("a", former);
        cache.put("a", newer);
        assertThat(cache.spare()).isSameAs(former);
        assertThat(cache.remove("a")).isSameAs(newer);
    }
}
