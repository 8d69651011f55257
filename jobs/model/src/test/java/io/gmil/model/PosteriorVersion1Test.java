package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Posteriors that were stored before there were heads, random intercepts and noise are read as they were. */
class PosteriorVersion1Test {
    private static final int HEADER_2 = 88;

    private final ModelSpec spec = ModelSpec.binomial(1, 3, 2);

    private Posterior learnt() {
        Posterior posterior = new Posterior(spec);
        posterior.phase(Phase.LINEARISED);
        SiteEngine engine = new SiteEngine(spec, Bags.scaler(3), new EjmlAlgebra());
        for (Site site : engine.sites(List.of(Bags.bag(new Random(1), 4, 3)), posterior.snapshot(0, 0), 0)) {
            posterior.added(site);
        }
        posterior.step();
        posterior.step();
        return posterior;
    }

    /** As version 1 wrote it: magic, version, Q, K, phase, bags, steps, path length, two variances, then the arrays. */
    private static byte[] version1(Posterior posterior) {
        byte[] now = posterior.toBytes();
        ByteBuffer out = ByteBuffer.allocate(56 + now.length - HEADER_2).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(0x4F504D47).putInt(1).putInt(3).putInt(2);
        out.putInt(posterior.phase().code()).putInt(posterior.labelledBags()).putLong(posterior.steps);
        out.putDouble(posterior.pathLength()).putDouble(posterior.sigma2Gamma()).putDouble(posterior.sigma2Beta());
        out.put(now, HEADER_2, now.length - HEADER_2);
        return out.array();
    }

    @Test
    void isReadAsItWas() {
        Posterior posterior = learnt();
        Posterior read = Posterior.fromBytes(version1(posterior), spec);
        assertThat(read.toBytes()).isEqualTo(posterior.toBytes());
        assertThat(read.variances().noise()).isEqualTo(1);
    }

    @Test
    void isNoPosteriorOfSeveralHeads() {
        ModelSpec heads = ModelSpec.of(new Binomial(1), new ModelSpec.Shape(3, 2, 0, 2));
        byte[] bytes = version1(learnt());
        assertThatThrownBy(() -> Posterior.fromBytes(bytes, heads))
                .hasMessage("stored posterior: expected heads 2 of the model, got 1");
    }
}
