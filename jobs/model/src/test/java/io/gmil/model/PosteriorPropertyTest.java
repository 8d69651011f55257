package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** SumOfSitesEqualsState: after any history of changes the sums are those of the sites that are left. */
class PosteriorPropertyTest {
    private static Site site(Random random, int d) {
        int rank = random.nextBoolean() ? 1 : 8;
        double[] rows = random.doubles((long) rank * d, -3, 3).toArray();
        return new Site(rank, rows, random.doubles(d, -3, 3).toArray());
    }

    @Property(tries = 60, seed = "7")
    void sumOfSitesEqualsState(
            @ForAll @IntRange(min = 1, max = 12) int width,
            @ForAll @IntRange(min = 1, max = 200) int changes,
            @ForAll int seed) {
        Random random = new Random(seed);
        ModelSpec spec = ModelSpec.binomial(1, width, 1);
        Posterior posterior = new Posterior(spec);
        List<Site> left = new ArrayList<>();
        for (int i = 0; i < changes; i++) {
            Site before = left.isEmpty() || random.nextInt(3) == 0 ? null : left.remove(random.nextInt(left.size()));
            Site after = before != null && random.nextInt(2) == 0 ? null : site(random, spec.dimension());
            posterior.change(before, after);
            if (after != null) {
                left.add(after);
            }
        }
        Posterior fresh = new Posterior(spec);
        fresh.rebuild(left);
        assertThat(posterior.labelledBags()).isEqualTo(left.size()).isEqualTo(fresh.labelledBags());
        assertLower(
                ((SiteSum) posterior.sum).precision(), ((SiteSum) fresh.sum).precision(), spec.dimension(), changes);
        assertThat(posterior.sum.shift())
                .usingComparatorWithPrecision(1e-12 * changes)
                .containsExactly(fresh.sum.shift());
    }

    private static void assertLower(double[] actual, double[] expected, int d, int changes) {
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(actual[i * d + j]).isCloseTo(expected[i * d + j], within(1e-11 * changes));
            }
        }
    }
}
