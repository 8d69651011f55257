package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.model.Phase;
import org.junit.jupiter.api.Test;

class SiteIndexTest {

    private static final double STALENESS = 0.5;
    private static final int LEAST_VISITS = 3;
    private static final Version AT = new Version(7, 20);

    private final SiteIndex index = new SiteIndex(LEAST_VISITS);

    @Test
    void theStalestComeFirstAndNoMoreThanAskedFor() {
        index.put("middle", Phase.LINEARISED, 2, 1, AT);
        index.put("oldest", Phase.LINEARISED, 1, 1, AT);
        index.put("fresh", Phase.LINEARISED, 4.8, 1, AT);
        index.put("newer", Phase.LINEARISED, 3, 1, AT);

        assertThat(index.stalest(10, Phase.LINEARISED, 5, STALENESS)).containsExactly("oldest", "middle", "newer");
        assertThat(index.stalest(2, Phase.LINEARISED, 5, STALENESS)).containsExactly("oldest", "middle");
        assertThat(index.stalest(0, Phase.LINEARISED, 5, STALENESS)).isEmpty();
        assertThat(index.stale(Phase.LINEARISED, 5, STALENESS)).isEqualTo(3);
        assertThat(index.oldest(Phase.LINEARISED)).isEqualTo(1);
        assertThat(index.labelled()).isEqualTo(4);
    }

    @Test
    void aSiteIsStaleOnlyBeyondTheStaleness() {
        index.put("s", Phase.LINEARISED, 1, 1, AT);
        assertThat(index.stale(Phase.LINEARISED, 1.5, STALENESS)).isZero();
        assertThat(index.stale(Phase.LINEARISED, 1.75, STALENESS)).isEqualTo(1);
    }

    @Test
    void sitesOfAnotherPhaseAreStaleAndGoFirst() {
        index.put("old path", Phase.LINEARISED, 1, 1, AT);
        index.put("mean pooling", Phase.MEAN_POOLING, 4.9, 1, AT);

        assertThat(index.stalest(10, Phase.LINEARISED, 5, STALENESS)).containsExactly("mean pooling", "old path");
        assertThat(index.oldest(Phase.LINEARISED)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(index.stale(Phase.MEAN_POOLING, 5, STALENESS)).isEqualTo(1);
    }

    @Test
    void aSampledSiteOfTooFewVisitsIsStaleHoweverNew() {
        index.put("few", Phase.SAMPLED, 5, LEAST_VISITS - 1, AT);
        index.put("enough", Phase.SAMPLED, 5, LEAST_VISITS, AT);

        assertThat(index.stalest(10, Phase.SAMPLED, 5, STALENESS)).containsExactly("few");
        assertThat(index.oldest(Phase.SAMPLED)).isEqualTo(Double.NEGATIVE_INFINITY);
        index.put("few", Phase.SAMPLED, 5, LEAST_VISITS, AT);
        assertThat(index.stale(Phase.SAMPLED, 5, STALENESS)).isZero();
        assertThat(index.oldest(Phase.SAMPLED)).isEqualTo(5);
    }

    @Test
    void visitsDoNotCountBeforeSampling() {
        index.put("s", Phase.LINEARISED, 5, 1, AT);
        assertThat(index.stale(Phase.LINEARISED, 5, STALENESS)).isZero();
    }

    @Test
    void aSiteOfBeforeTheRefreshIsStaleHoweverNear() {
        index.put("refreshed", Phase.LINEARISED, 4, 1, new Version(7, 21));
        index.put("restarted", Phase.LINEARISED, 4, 1, new Version(8, 3));
        index.put("before", Phase.LINEARISED, 5, 1, AT);
        index.expireBefore(new Version(7, 21));

        assertThat(index.stalest(10, Phase.LINEARISED, 5, 2)).containsExactly("before");
        assertThat(index.stalest(10, Phase.LINEARISED, 5, 0.5))
                .startsWith("before")
                .hasSize(3);
        assertThat(index.oldest(Phase.LINEARISED)).isEqualTo(Double.NEGATIVE_INFINITY);
        index.put("before", Phase.LINEARISED, 5, 2, new Version(7, 21));
        assertThat(index.stale(Phase.LINEARISED, 5, 2)).isZero();
    }

    @Test
    void withoutSitesNothingIsStale() {
        assertThat(index.oldest(Phase.SAMPLED)).isEqualTo(Double.POSITIVE_INFINITY);
        index.put("s", Phase.MEAN_POOLING, 0, 1, AT);
        index.remove("s");
        index.remove("never seen");
        assertThat(index.labelled()).isZero();
        assertThat(index.stalest(1, Phase.SAMPLED, 9, STALENESS)).isEmpty();
        assertThat(index.oldest(Phase.SAMPLED)).isEqualTo(Double.POSITIVE_INFINITY);
    }
}
