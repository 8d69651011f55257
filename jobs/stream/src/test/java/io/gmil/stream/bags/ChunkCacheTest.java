package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkCacheTest {

    private final ChunkCache cache = new ChunkCache(100, 3);

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

    @Test
    void smallChunksAreBoundedByTheirNumber() {
        for (String key : List.of("a", "b", "c", "d")) {
            cache.put(key, new byte[1]);
        }
        assertThat(cache.remove("a")).isNull();
        assertThat(cache.remove("b")).hasSize(1);
        assertThat(cache.remove("d")).hasSize(1);
    }

    @Test
    void smallSparesAreBoundedByTheirNumber() {
        for (int i = 0; i < 4; i++) {
            cache.recycle(new byte[1]);
        }
        for (int i = 0; i < 3; i++) {
            assertThat(cache.spare()).hasSize(1);
        }
        assertThat(cache.spare()).isEmpty();
    }
}
