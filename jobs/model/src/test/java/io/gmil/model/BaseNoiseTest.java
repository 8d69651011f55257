package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BaseNoiseTest {
    /** The first numbers of SplitMix64 from seed 0, as published with it. */
    @Test
    void mixingIsThatOfSplitMix() {
        assertThat(BaseNoise.mix(0)).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(BaseNoise.mix(0x9E3779B97F4A7C15L)).isEqualTo(0x6E789E6AA1B965F4L);
        assertThat(BaseNoise.mix(0x3C6EF372FE94F82AL)).isEqualTo(0x06C45D188009454FL);
        double[] noise = BaseNoise.standardNormal(1, 2, 4000);
        assertThat(Triangular.dot(noise, 0, noise, 0, 4000) / 4000).isCloseTo(1, within(0.1));
        assertThat(Arrays.stream(noise).average().orElseThrow()).isCloseTo(0, within(0.06));
        assertThat(BaseNoise.standardNormal(1, 3, 1)[0]).isNotEqualTo(noise[0]);
        assertThat(BaseNoise.standardNormal(2, 2, 1)[0]).isNotEqualTo(noise[0]);
    }
}
