package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.stream.state.ModelId;
import org.junit.jupiter.api.Test;

class ModelIdsTest {

    @Test
    void theKeyNamesEverythingThatMakesAModel() {
        assertThat(ModelIds.key(id("study", "Y", "pca", "1", "s1"))).isEqualTo("study|Y|pca|1|s1");
        assertThat(ModelIds.embedding("study", "pca", "1")).isEqualTo("study|pca|1");
    }

    @Test
    void partsThatHoldTheSeparatorDoNotCollide() {
        assertThat(ModelIds.key(id("a|b", "c", "d", "e", "f")))
                .isNotEqualTo(ModelIds.key(id("a", "b|c", "d", "e", "f")));
        assertThat(ModelIds.embedding("a|b", "c", "d")).isNotEqualTo(ModelIds.embedding("a%7Cb", "c", "d"));
        assertThat(ModelIds.embedding("a|b", "c", "d")).isEqualTo("a%7Cb|c|d");
    }

    private static ModelId id(String study, String outcome, String embedding, String version, String scaler) {
        return new ModelId(study, outcome, embedding, version, scaler, 3);
    }
}
