package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Posteriors as released versions stored them. */
class PosteriorBytesTest {
    private final ModelSpec spec = new ModelSpec(
            new Binomial(1),
            new ModelSpec.Shape(2, 2, 1, 1),
            ModelSpec.Prior.standard(),
            ModelSpec.Covariance.FULL,
            0.2,
            8,
            0);

    private static byte[] stored(int version) throws IOException {
        try (InputStream in = PosteriorBytesTest.class.getResourceAsStream("/posterior-" + version + ".gz")) {
            return new GZIPInputStream(in).readAllBytes();
        }
    }

    private static double varianceOfSum(Posterior posterior) {
        double[] ones = new double[posterior.spec().dimension()];
        Arrays.fill(ones, 1);
        return posterior.exactSnapshot(0, 0).variance(ones);
    }

    @Test
    void version1HadNeitherInterceptsNorNoise() throws IOException {
        Posterior posterior = Posterior.fromBytes(stored(1), ModelSpec.binomial(1, 2, 2));
        assertThat(posterior.phase()).isEqualTo(Phase.SAMPLED);
        assertThat(posterior.labelledBags()).isEqualTo(1);
        assertThat(posterior.mean[0]).isEqualTo(3.453897597700861);
        assertThat(varianceOfSum(posterior)).isCloseTo(21.94516863854886, within(1e-9));
        assertThat(posterior.variances().noise()).isEqualTo(1);
        assertThat(posterior.step().refused()).isFalse();
    }

    @Test
    void version2HoldsTheWholeMatrix() throws IOException {
        Posterior posterior = Posterior.fromBytes(stored(2), spec);
        assertThat(posterior.labelledBags()).isEqualTo(2);
        assertThat(posterior.mean[6]).isEqualTo(3.380004973656739);
        assertThat(varianceOfSum(posterior)).isCloseTo(36.48745871856184, within(1e-9));
        assertThat(posterior.toBytes()).isEqualTo(stored(2));
    }

    /** A site has left since the last step, so S is of other rows than the sites'. */
    @Test
    void version3HoldsRowsOfSites() throws IOException {
        Posterior posterior = Posterior.fromBytes(stored(3), spec);
        assertThat(posterior.labelledBags()).isEqualTo(1);
        assertThat(posterior.mean[6]).isEqualTo(3.3800049736567557);
        assertThat(varianceOfSum(posterior)).isCloseTo(36.48745871856195, within(1e-9));
        assertThat(posterior.toBytes()).isEqualTo(stored(3));
    }
}
