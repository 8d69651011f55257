package io.gmil.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.gmil.cli.Records;
import io.gmil.cli.UsageException;
import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.Posterior;
import io.gmil.stream.ModelIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineageTest {

    private static final String MODEL = ModelIds.key("s", "Y", "X", "1", "f");

    @Test
    void itFollowsTheBranchThatLedToAVersion() {
        List<Audit> audits = new ArrayList<>();
        audits.add(audit(1, 1, 0, 0).setAdded(samples("a", 0, "b", 0)).build());
        audits.add(audit(1, 2, 1, 1).setAdded(samples("lost", 0)).build()); // a restart has abandoned it
        audits.add(audit(2, 2, 1, 1).setAdded(samples("c", 0)).build());
        audits.add(audit(2, 2, 1, 1) // its lists go on
                .setAdded(samples("a", 1))
                .setRemoved(samples("a", 0))
                .build());
        audits.add(audit(2, 3, 2, 2)
                .setAdded(samples("d", 0, "a", 2))
                .setRemoved(samples("b", 0, "d", 0, "a", 1))
                .setErasures(List.of("e1"))
                .build());
        audits.add(
                audit(2, 1, 0, 0).setOutcome("Z").setAdded(samples("other", 0)).build());

        Lineage lineage = Lineage.of(audits, MODEL, 2, 3).orElseThrow();
        assertThat(lineage.versions())
                .extracting(records -> records.get(0).getVersion())
                .containsExactly(1L, 2L, 3L);
        assertThat(lineage.trainedOn().values())
                .extracting(LabelledSample::getSampleId, LabelledSample::getLabelRevision)
                .containsExactly(tuple("a", 2), tuple("c", 0));
        assertThat(lineage.erasures()).containsExactly("e1");
        assertThat(Lineage.of(audits, MODEL, 1, 2).orElseThrow().trainedOn()).containsOnlyKeys("a", "b", "lost");
        assertThat(Lineage.of(audits, MODEL, 2, 2).orElseThrow().trainedOn()).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void aGapIsNotPassedOver() {
        List<Audit> audits = List.of(audit(1, 3, 1, 2).build());
        assertThat(Lineage.of(audits, MODEL, 1, 3)).isEmpty();
        assertThat(Lineage.of(audits, MODEL, 1, 4)).isEmpty();
    }

    @Test
    void aVersionIsNamedByItsNumberWhereThatIsEnough() {
        Posterior first = posterior(1, 4);
        Posterior second = posterior(2, 4);
        Posterior third = posterior(2, 5);
        History history = History.of(List.of(third, second, first, first));
        assertThat(history.all()).containsExactly(first, second, third);
        assertThat(history.find("5", Optional.empty())).isEqualTo(third);
        assertThat(history.find("1.4", Optional.of("Y"))).isEqualTo(first);
        assertThatThrownBy(() -> history.find("4", Optional.empty()))
                .isInstanceOf(UsageException.class)
                .hasMessage("version: expected one of [Y 1.4, Y 2.4], got '4', which is several");
        assertThatThrownBy(() -> history.find("5", Optional.of("Z")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("got '5'");
    }

    private static Posterior posterior(long generation, long version) {
        return (Posterior) Records.posterior(generation, version, 1, true).getBody();
    }

    private static List<LabelledSample> samples(Object... idsAndRevisions) {
        List<LabelledSample> samples = new ArrayList<>();
        for (int i = 0; i < idsAndRevisions.length; i += 2) {
            samples.add(new LabelledSample((String) idsAndRevisions[i], 0, (int) idsAndRevisions[i + 1]));
        }
        return samples;
    }

    private static Audit.Builder audit(long generation, long version, long previousGeneration, long previousVersion) {
        return Audit.newBuilder()
                .setStudy("s")
                .setOutcome("Y")
                .setEmbedding("X")
                .setEmbeddingVersion("1")
                .setScalerId("f")
                .setGeneration(generation)
                .setVersion(version)
                .setPreviousGeneration(previousGeneration)
                .setPreviousVersion(previousVersion)
                .setAdded(List.of())
                .setRemoved(List.of())
                .setRefreshed(0)
                .setCodeVersion("c")
                .setConfigFingerprint("0")
                .setPublishedAt(Instant.EPOCH);
    }
}
