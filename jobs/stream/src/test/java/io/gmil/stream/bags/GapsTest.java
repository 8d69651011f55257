package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.stream.state.Bag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GapsTest {

    @Test
    void chunksAreNamedInRanges() {
        assertThat(Gaps.of(bag(true, List.of(0, 3, 0, 0, 0, 2, 0))))
                .isEqualTo("missing: chunks 0, 2-4, 6 of 7. Came: 2 chunks, 5 of 90 cells");
    }

    @Test
    void withoutAManifestNobodyKnowsHowManyThereAre() {
        assertThat(Gaps.of(bag(false, List.of(0, 3))))
                .isEqualTo("missing: the manifest; chunks 0 of at least 2. Came: 1 chunks, 3 cells");
        assertThat(Gaps.of(bag(false, List.of(3, 3)))).isEqualTo("missing: the manifest. Came: 2 chunks, 6 cells");
    }

    @Test
    void aLongListIsCutShort() {
        List<Integer> everyOther = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            everyOther.addAll(List.of(1, 0));
        }
        assertThat(Gaps.of(bag(true, everyOther)))
                .contains("chunks 1, 3, 5,", "37, 39, … of 2000")
                .hasSizeLessThan(200);
        assertThat(Gaps.of(bag(true, Collections.nCopies(2000, 0)))).contains("chunks 0-1999 of 2000", "0 of 90 cells");
    }

    private static Bag bag(boolean manifest, List<Integer> chunkCells) {
        return Bag.newBuilder()
                .setStudy("study")
                .setSampleId("s1")
                .setPatientId("p1")
                .setRevision(0)
                .setEmbedding("pca")
                .setEmbeddingVersion("1")
                .setWidth(2)
                .setManifest(manifest)
                .setCells(manifest ? 90 : 0)
                .setCovariates(Map.of())
                .setChunkCells(chunkCells)
                .setChunkChecksums(chunkCells)
                .build();
    }
}
