package io.gmil.stream.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.LabelledSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLineTest {

    @ParameterizedTest
    @ValueSource(strings = {"s1", "s\t1", "\t", "s\t1\t2", "line\nbreak"})
    void anyIdIsReadAsItWasWritten(String sample) {
        assertThat(AuditLine.parse(AuditLine.of(sample, 3, -1))).isEqualTo(new LabelledSample(sample, 3, -1));
    }

    @Test
    void aSampleIsNotOneThatBeginsLikeIt() {
        assertThat(AuditLine.isOf("s", AuditLine.of("s", 0, 0))).isTrue();
        assertThat(AuditLine.isOf("s", AuditLine.of("s\t1", 0, 0))).isFalse();
    }
}
