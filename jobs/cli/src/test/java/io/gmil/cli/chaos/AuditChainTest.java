package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Audit;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditChainTest {

    private final AuditChain chain = new AuditChain();

    @Test
    void goesOnInAnotherGeneration() {
        take(7, 1, 0, 0);
        take(7, 2, 7, 1);
        take(9, 3, 7, 2);

        assertThat(chain.gaps()).isZero();
        assertThat(chain.doubled()).isZero();
    }

    @Test
    void missesAVersionThatALaterOneNames() {
        take(7, 1, 0, 0);
        take(7, 3, 7, 2);

        assertThat(chain.gaps()).isOne();
        assertThat(chain.doubled()).isZero();
    }

    @Test
    void missesAVersionThatIsSteppedOver() {
        take(7, 1, 0, 0);
        take(7, 3, 7, 1);

        assertThat(chain.gaps()).isOne();
    }

    @Test
    void seesARepeatedVersion() {
        take(7, 1, 0, 0);
        take(7, 2, 7, 1);
        take(7, 2, 7, 1);

        assertThat(chain.doubled()).isEqualTo(2);
    }

    @Test
    void seesABranchThatWasAbandoned() {
        take(7, 1, 0, 0);
        take(7, 2, 7, 1);
        take(9, 2, 7, 1);

        assertThat(chain.gaps()).isZero();
        assertThat(chain.doubled()).isOne();
    }

    private void take(long generation, long version, long previousGeneration, long previousVersion) {
        chain.take(Audit.newBuilder()
                .setStudy("s")
                .setOutcome("y")
                .setEmbedding("e")
                .setEmbeddingVersion("1")
                .setScalerId("c")
                .setGeneration(generation)
                .setVersion(version)
                .setPreviousGeneration(previousGeneration)
                .setPreviousVersion(previousVersion)
                .setAdded(List.of())
                .setRemoved(List.of())
                .setRefreshed(0)
                .setCodeVersion("test")
                .setConfigFingerprint("")
                .setPublishedAt(Instant.EPOCH)
                .build());
    }
}
