package io.gmil.stream.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.stream.state.LearnerState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditRecordsTest {

    private static final int SAMPLES = 2 * AuditRecords.LINES + 1;

    private final LearnerState state = PosteriorLearnerTest.blank();

    @Test
    void longListsAreSplitOverSeveralRecordsOfTheVersion() {
        for (int i = 0; i < SAMPLES; i++) {
            state.getAuditAdded().add(AuditLine.of("s" + i, 0, 1));
        }
        state.getAuditRemoved().add(AuditLine.of("gone", 0, 0));
        state.getAuditErasures().add("e1");
        state.setAuditRefreshed(4);
        state.setVersion(7);

        List<Audit> records = records();
        assertThat(records).hasSize(3).allMatch(record -> record.getVersion() == 7);
        assertThat(records.stream()
                        .flatMap(record -> record.getAdded().stream())
                        .map(LabelledSample::getSampleId))
                .hasSize(SAMPLES)
                .doesNotHaveDuplicates();
        assertThat(records.stream().flatMap(record -> record.getRemoved().stream()))
                .containsExactly(new LabelledSample("gone", 0, 0));
        assertThat(records.stream().flatMap(record -> record.getErasures().stream()))
                .containsExactly("e1");
        assertThat(records.stream().mapToInt(Audit::getRefreshed).sum()).isEqualTo(4);
    }

    @Test
    void aVersionWithoutNewsIsOneRecord() {
        assertThat(records()).hasSize(1);
    }

    private List<Audit> records() {
        return AuditRecords.of(state, null, "f", Instant.EPOCH);
    }
}
