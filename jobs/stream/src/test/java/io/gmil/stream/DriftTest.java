package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.model.BagMeanMoments;
import io.gmil.schema.BagMeans;
import io.gmil.schema.ControlKind;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.BagMean;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bags beside those before them: how their means become the reference, and what predictions say of a shifted one. */
class DriftTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final int LEAST = BagMeanMoments.LEAST_BAGS;

    private BagsHarness bags;
    private OneInputStreamOperatorTestHarness<BagMean, PosteriorMessage> references;
    private int published;

    @BeforeEach
    void start() throws Exception {
        bags = BagsHarness.startWithScaler(CONFIG);
        references = references(null);
    }

    @AfterEach
    void stop() throws Exception {
        bags.close();
        references.close();
    }

    private static OneInputStreamOperatorTestHarness<BagMean, PosteriorMessage> references(OperatorSubtaskState state)
            throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new FitReference()));
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    private void send(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            bags.send(TestBag.of("s" + i).records(bags.events));
        }
        turn();
    }

    /** Means to the operator, references back to the bags. */
    private void turn() throws Exception {
        for (BagMean mean : bags.drain(Bags.BAG_MEANS)) {
            references.processElement(mean, 0);
        }
        List<PosteriorMessage> out = references.extractOutputValues();
        for (; published < out.size(); published++) {
            bags.publish(out.get(published));
        }
    }

    private BagMeans newest() {
        List<PosteriorMessage> out = references.extractOutputValues();
        return ((Scaler) out.get(out.size() - 1).getBody()).getBagMeans();
    }

    private void sendShifted(String sample, BagsHarness to) throws Exception {
        TestBag bag = TestBag.of(sample);
        int[] checksums = new int[bag.chunks()];
        for (int chunk = 0; chunk < bag.chunks(); chunk++) {
            float[] values = bag.values(chunk);
            for (int i = 0; i < values.length; i++) {
                values[i] += 5;
            }
            var record = bag.chunk(chunk, values, Events.WIDTH).build();
            checksums[chunk] = record.getChecksum();
            to.send(to.events.chunk(record));
        }
        BagEvent manifest = to.events.manifest(bag.manifest()
                .setChecksum(io.gmil.kafka.Chunks.manifestChecksum(checksums))
                .build());
        to.send(manifest);
    }

    private static Prediction arrival(BagsHarness of, String sample) {
        return of.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().equals(sample))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aShiftedBagIsOutOfDistributionOnceThereIsAReference() throws Exception {
        send(0, LEAST - 1);
        sendShifted("early", bags);
        assertThat(arrival(bags, "early").getStatus()).isEqualTo(PredictionStatus.WARMUP);
        bags.command(bags.events.command(Events.command("e", ControlKind.ERASE_PATIENT)
                .setPatientId(TestBag.of("early").patient())));
        send(LEAST, 2 * LEAST);

        sendShifted("shifted", bags);
        bags.send(TestBag.of("like the others").records(bags.events));
        assertThat(arrival(bags, "shifted").getStatus()).isEqualTo(PredictionStatus.OUT_OF_DISTRIBUTION);
        assertThat(arrival(bags, "like the others").getStatus()).isEqualTo(PredictionStatus.WARMUP);

        TestBag labelled = TestBag.of("shifted");
        bags.send(bags.events.at(7_000).label(labelled.label(1, 0).build()));
        assertThat(bags.side(Bags.SCORED)).singleElement().satisfies(scored -> {
            assertThat(scored.getMeanShift()).isGreaterThan(4);
            assertThat(scored.getLabelDelay()).isEqualTo(7_000);
        });
    }

    @Test
    void referencesAreSeldomPublishedAndOutlastARestore() throws Exception {
        send(0, 2 * LEAST);
        // At 50, 63, 79 and 99 bags.
        assertThat(published).isEqualTo(4);
        assertThat(newest().getBags()).isEqualTo(99);
        assertThat(newest().getMean().remaining()).isEqualTo(Double.BYTES * Events.WIDTH);

        OperatorSubtaskState state = references.snapshot(1, 1);
        OperatorSubtaskState shards = bags.snapshot();
        references.close();
        references = references(state);
        published = 0;
        send(2 * LEAST, 2 * LEAST + 24);
        assertThat(newest().getBags()).isEqualTo(124);
        try (BagsHarness restored = BagsHarness.restore(CONFIG, shards, 1, 3)) {
            sendShifted("shifted", restored);
            assertThat(arrival(restored, "shifted").getStatus()).isEqualTo(PredictionStatus.OUT_OF_DISTRIBUTION);
        }
    }

    @Test
    void anErasedPatientAndAReplacedRevisionLeaveTheReference() throws Exception {
        send(0, LEAST + 1);
        assertThat(newest().getBags()).isEqualTo(LEAST);
        bags.command(bags.events.command(Events.command("e", ControlKind.ERASE_PATIENT)
                .setPatientId(TestBag.of("s3").patient())));
        turn();
        assertThat(published).isEqualTo(2);
        assertThat(newest().getBags()).isEqualTo(LEAST);

        bags.send(TestBag.of("s4").revised(1).records(bags.events));
        List<BagMean> means = bags.side(Bags.BAG_MEANS);
        assertThat(means).extracting(BagMean::getRemoved).containsExactly(true, false);
        assertThat(means.get(0).getMean()).isNotEqualTo(means.get(1).getMean());
    }

    @Test
    void aScoreOnlyJobJudgesByTheReferenceOfTheTrainer() throws Exception {
        send(0, LEAST);
        try (BagsHarness scorer = BagsHarness.scoring(CONFIG, null, 1, 1)) {
            for (PosteriorMessage message : references.extractOutputValues()) {
                scorer.broadcast(scorer.events.posterior(message));
            }
            scorer.broadcast(HearPosteriors.publishedRead());
            sendShifted("shifted", scorer);
            assertThat(arrival(scorer, "shifted").getStatus()).isEqualTo(PredictionStatus.OUT_OF_DISTRIBUTION);
            assertThat(scorer.side(Bags.BAG_MEANS)).isEmpty();
        }
    }

    @Test
    void aScalerWithoutReferenceDoesNotTakeOneAway() throws Exception {
        send(0, LEAST);
        bags.publish(Events.scaler(CONFIG));
        sendShifted("shifted", bags);
        assertThat(Collections.singletonList(arrival(bags, "shifted").getStatus()))
                .containsExactly(PredictionStatus.OUT_OF_DISTRIBUTION);
    }
}
