package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.KafkaConfig;
import io.gmil.model.ModelSpec;
import io.gmil.model.Phase;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.schema.FactorKind;
import io.gmil.schema.Likelihood;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.state.ModelId;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PosteriorCodecTest {

    private static final JobConfig CONFIG = JobConfig.of(Map.of(
            "outcomes",
            "Y:binomial:2",
            "covariates",
            "age",
            "seed",
            "5",
            KafkaConfig.BOOTSTRAP_SERVERS,
            "localhost:1"));

    @ParameterizedTest
    @CsvSource({"3, INVERSE_CHOLESKY", "140, DEVIATIONS"})
    void aSnapshotComesBackAsItWas(int width, FactorKind kind) throws Exception {
        PosteriorSnapshot snapshot = posterior(width).snapshot(42, 7);
        ModelId id = new ModelId("default", "Y", "pca", "1", "s1", width);

        var record = PosteriorCodec.posterior(id, CONFIG.outcomes().get(0), CONFIG, snapshot, 3, true);
        AvroWire<PosteriorMessage> wire = AvroWire.of(PosteriorMessage.class);
        var read = (io.gmil.schema.Posterior)
                wire.decode(wire.encode(new PosteriorMessage(record))).getBody();
        PosteriorSnapshot back = PosteriorCodec.snapshot(read, CONFIG);

        assertThat(read.getFactorKind()).isEqualTo(kind);
        assertThat(read.getLikelihood()).isEqualTo(Likelihood.BINOMIAL);
        assertThat(read.getStaleSites()).isEqualTo(3);
        assertThat(read.getSettled()).isTrue();
        assertThat(ModelIds.key(read)).isEqualTo(ModelIds.key(id));
        assertThat(back.spec()).isEqualTo(snapshot.spec());
        assertThat(back.generation()).isEqualTo(42);
        assertThat(back.version()).isEqualTo(7);
        assertThat(back.phase()).isEqualTo(Phase.LINEARISED);
        assertThat(back.labelledBags()).isEqualTo(1);
        assertThat(back.pathLength()).isEqualTo(snapshot.pathLength());
        assertThat(back.variances().gamma()).isEqualTo(snapshot.variances().gamma());
        assertThat(back.variances().beta()).isEqualTo(snapshot.variances().beta());
        assertThat(back.mean()).isEqualTo(snapshot.mean());
        assertThat(back.draws(11)).isEqualTo(snapshot.draws(11));
    }

    /** Two steps towards one site, so that no part is still that of the prior. */
    private static Posterior posterior(int width) {
        ModelSpec spec = PosteriorCodec.spec(2, width, CONFIG);
        int d = spec.dimension();
        Random random = new Random(3);
        Posterior posterior = new Posterior(spec);
        posterior.phase(Phase.LINEARISED);
        posterior.added(
                new Site(1, random.doubles(d).toArray(), random.doubles(d).toArray()));
        posterior.step();
        posterior.step();
        return posterior;
    }
}
