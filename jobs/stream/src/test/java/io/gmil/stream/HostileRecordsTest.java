package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.gmil.kafka.Chunks;
import io.gmil.kafka.Topic;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import io.gmil.stream.state.ScalerInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Records that once stopped the operator, or vanished. */
class HostileRecordsTest {
    private static final JobConfig CONFIG = Events.config(Map.of("refresh.fraction", "0.33"));
    private static final TestBag BAG = TestBag.of("s1");

    @Test
    void aScalerTokenMayComeBeforeItsBroadcast() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            bags.send(BAG.records(bags.events));
            BagEvent message = bags.events.posterior(Events.scaler(CONFIG));
            bags.send(bags.tokens(message));
            bags.broadcast(message);
            bags.advanceTime(60_000);
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        }
    }

    private static Posterior learnt(LearningLoop loop) throws Exception {
        for (int i = 0; i < 24; i++) {
            TestBag bag = TestBag.of("s" + i);
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(i % 3, 0).build()));
        }
        loop.turn();
        loop.bags.drain(Bags.CHANGES);
        return loop.newest;
    }

    @Test
    void thePosteriorOfAnotherStudyHoldsNothingUp() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            Posterior own = learnt(loop);
            loop.bags.publish(new PosteriorMessage(
                    Posterior.newBuilder(own).setStudy("other").setVersion(99).build()));
            assertThat(loop.bags.side(Bags.CHANGES)).isEmpty();
            loop.bags.publish(new PosteriorMessage(
                    Posterior.newBuilder(own).setVersion(own.getVersion() + 1).build()));
            loop.bags.advanceTime(1000);
            assertThat(loop.bags.side(Bags.CHANGES)).hasSize(CONFIG.shards());
        }
    }

    @Test
    void thePosteriorOfAnotherStudyKeepsNobodyBusy() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            Posterior own = learnt(loop);
            loop.bags.publish(new PosteriorMessage(
                    Posterior.newBuilder(own).setStudy("other").setVersion(99).build()));
            for (int i = 0; i < 100; i++) {
                loop.bags.advanceTime(10);
            }
            assertThat(loop.bags.timers()).isZero();
        }
    }

    @Test
    void aPosteriorOfTheWrongDimensionIsADeadLetter() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            Posterior own = learnt(loop);
            assertThatCode(() -> loop.bags.publish(new PosteriorMessage(Posterior.newBuilder(own)
                            .setVersion(99)
                            .setMean(Bytes.of(new double[2]))
                            .build())))
                    .doesNotThrowAnyException();
            assertThat(loop.bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }

    @Test
    void aScalerOfUnequalLengthsIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            Scaler s = Scaler.newBuilder((Scaler) Events.scaler(CONFIG).getBody())
                    .setSd(List.of(1.0))
                    .build();
            assertThatCode(() -> bags.broadcast(bags.events.posterior(new PosteriorMessage(s))))
                    .doesNotThrowAnyException();
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }

    @Test
    void aScalerOfNoSpreadIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            Scaler s = Scaler.newBuilder((Scaler) Events.scaler(CONFIG).getBody())
                    .setSd(List.of(1.0, 0.0, Double.NaN))
                    .build();
            assertThatCode(() -> bags.broadcast(bags.events.posterior(new PosteriorMessage(s))))
                    .doesNotThrowAnyException();
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }

    /** Three such cells would make an attention summary that no broker takes. */
    @Test
    void aCellWithAnEndlessNameIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            String endless = "c".repeat(3_000_000);
            CellChunk chunk = CellChunk.newBuilder(BAG.chunk(0)).build();
            List<String> ids = new ArrayList<>(Collections.nCopies(chunk.getCells(), "c"));
            ids.set(0, endless);
            chunk.setCellIds(ids);
            bags.send(bags.events.chunk(chunk));
            CellChunk other =
                    CellChunk.newBuilder(BAG.chunk(0)).setEmbedding(endless).build();
            bags.send(bags.events.chunk(other));
            assertThat(bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getCause)
                    .satisfiesExactly(
                            cause -> assertThat(cause)
                                    .contains("ids and types of cells of at most 1000 characters, got one of 3000000"),
                            cause -> assertThat(cause)
                                    .contains("at most 1000 characters of its name and its version, got 3000000"));
        }
    }

    @Test
    void aLabelOfAnotherPatientIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(BAG.records(bags.events));
            bags.send(bags.events.label(BAG.label(1, 0).setPatientId(other()).build()));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }

    /** A patient of the same shard, so that only the state can tell them apart. */
    private static String other() {
        Shards shards = new Shards(8);
        String other = "x";
        while (shards.of(other) != shards.of(BAG.patient())) {
            other += "x";
        }
        return other;
    }

    @Test
    void aLabelOfAnotherPatientIsNotLearntWhereItComesFirst() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(bags.events.label(BAG.label(2, 4).setPatientId(other()).build()));
            bags.send(BAG.records(bags.events));
            assertThat(bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getCause)
                    .containsExactly(
                            "label 'Y' of sample 's1' revision 4, which came before the cells (gmil.cells-5@102):"
                                    + " expected patient 'patient of s1' as they have, got '" + other() + "'");
            assertThat(bags.side(Bags.CHANGES)).isEmpty();

            bags.command(bags.events.command(
                    Events.command("e", ControlKind.ERASE_PATIENT).setPatientId(other())));
            bags.send(bags.events.label(BAG.label(1, 0).build()));
            assertThat(bags.drain(Bags.CHANGES)).hasSize(1);
            bags.command(bags.events.scoreAll("c", 1));
            assertThat(bags.predictions(PredictionKind.FINAL)).hasSize(1);
            assertThat(SavepointText.of(bags.savepoint())).doesNotContain(other());
        }
    }

    @Test
    void labelsOfTwoPatientsBeforeTheCellsAreADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(bags.events.label(BAG.label(1, 0).build()));
            bags.send(bags.events.label(BAG.label(2, 1).setPatientId(other()).build()));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            bags.send(BAG.records(bags.events));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            assertThat(bags.side(Bags.CHANGES)).hasSize(1);
        }
    }

    @Test
    void anErasureTakesTheLabelsOfItsPatientAlone() throws Exception {
        JobConfig config = Events.config(Map.of("outcomes", "Y:binomial:2,Z:binomial:2"));
        try (BagsHarness bags = BagsHarness.startWithScaler(config)) {
            bags.send(bags.events.label(BAG.label(1, 0).build()));
            bags.send(bags.events.label(
                    BAG.label(2, 0).setOutcome("Z").setPatientId(other()).build()));
            bags.command(bags.events.command(
                    Events.command("e", ControlKind.ERASE_PATIENT).setPatientId(other())));
            assertThat(SavepointText.of(bags.savepoint())).doesNotContain(other());
            bags.send(BAG.records(bags.events));
            assertThat(bags.side(Bags.CHANGES))
                    .extracting(changes -> changes.getModel().getOutcome())
                    .containsExactly("Y");
        }
    }

    @Test
    void aRevisionOfAnotherPatientIsADeadLetter() throws Exception {
        TestBag taken = new TestBag(BAG.sample(), other(), 1, BAG.chunks());
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(BAG.records(bags.events));
            bags.send(taken.records(bags.events).subList(0, 1));
            assertThat(bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getCause)
                    .singleElement()
                    .asString()
                    .contains("patient of sample 's1' revision 1", "expected 'patient of s1' as of revision 0, got 'x");
            bags.command(bags.events.command(
                    Events.command("e", ControlKind.ERASE_PATIENT).setPatientId(other())));
            bags.command(bags.events.scoreAll("c", 1));
            assertThat(bags.predictions(PredictionKind.FINAL)).hasSize(1);
        }
    }

    @Test
    void aSecondManifestWithOtherCovariatesIsADeadLetter() throws Exception {
        JobConfig config = Events.config(Map.of("covariates", "age"));
        try (BagsHarness bags = BagsHarness.startWithScaler(config)) {
            bags.send(bags.events.manifest(
                    BAG.manifest().setCovariates(Map.of("age", 1.0)).build()));
            bags.send(bags.events.manifest(
                    BAG.manifest().setCovariates(Map.of("age", 2.0)).build()));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }

    @Test
    void aNegativeRevisionIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(bags.events.label(BAG.label(1, -2).build()));
            bags.send(BAG.records(bags.events));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            assertThat(bags.side(Bags.CHANGES)).isEmpty();
        }
    }

    @Test
    void aRepeatedCommandHasNoFurtherEffect() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(BAG.records(bags.events));
            bags.command(bags.events.scoreAll("c", 1));
            bags.command(bags.events.scoreAll("c", 1));
            assertThat(bags.predictions(PredictionKind.FINAL)).hasSize(1);
        }
    }

    @Test
    void aStrayWidthDoesNotKeepTheScalerFromBeingFitted() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG);
                var scaler = KeyedHarness.open(new FitScaler(CONFIG, List.of()), ScalerInput::getKey, null)) {
            TestBag odd = new TestBag("odd", "odd", 0, 1);
            CellChunk chunk = odd.chunk(0, new float[] {1, 2}, 2).build();
            bags.send(bags.events.chunk(chunk));
            bags.send(bags.events.manifest(odd.manifest()
                    .setWidth(2)
                    .setCells(1)
                    .setChecksum(Chunks.manifestChecksum(chunk.getChecksum()))
                    .build()));
            for (int i = 0; i < 40; i++) {
                bags.send(TestBag.of("s" + i).records(bags.events));
            }
            for (ScalerInput moments : bags.side(Bags.MOMENTS)) {
                scaler.processElement(moments, 0);
            }
            assertThat(bags.side(Bags.MOMENTS)).hasSize(41);
            assertThat(scaler.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void aNegativeNumberOfCellsIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(BAG.records(bags.events));
            bags.command(bags.events.scoreAll("c", -1));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            assertThat(bags.predictions(PredictionKind.FINAL)).isEmpty();
        }
    }

    @Test
    void anUnknownCommandIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            Control c = Control.newBuilder()
                    .setCommandId("x")
                    .setKind(ControlKind.UNKNOWN)
                    .setStudy(Events.STUDY)
                    .setIssuedAt(Instant.EPOCH)
                    .build();
            bags.command(bags.events.event(Topic.CONTROL, EventKind.CONTROL, "", Events.encode(c, Control.class)));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }
}
