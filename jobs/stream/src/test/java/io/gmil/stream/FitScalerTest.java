package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.kafka.Topic;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.EventKind;
import io.gmil.stream.state.ScalerInput;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

class FitScalerTest {

    private static final JobConfig CONFIG = Events.config(Map.of("covariates", "age"));
    private static final int NEEDED = 20;

    @Test
    void twentyBagsFreezeTheScalerThatTheyAndTheNextAreScaledBy() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG);
                var scaler = open(null)) {
            FeatureMoments all = new FeatureMoments(Events.WIDTH);
            for (int i = 0; i < NEEDED; i++) {
                assertThat(scaler.extractOutputValues()).isEmpty();
                send(bags, i);
                for (int chunk = 0; chunk < 3; chunk++) {
                    all.add(TestBag.of("s" + i).values(chunk), TestBag.CELLS_PER_CHUNK);
                }
                for (ScalerInput moments : bags.drain(Bags.MOMENTS)) {
                    scaler.processElement(moments, 0);
                }
            }
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
            Scaler frozen = only(scaler);
            assertThat(frozen.getCells()).isEqualTo(6 * NEEDED);
            assertClose(frozen.getMean(), all.mean());
            assertClose(frozen.getSd(), all.sd());
            assertThat(frozen.getCovariates()).containsExactly("age");
            assertClose(frozen.getCovariateMean(), new double[] {(NEEDED - 1) / 2.0});
            assertClose(frozen.getCovariateSd(), new double[] {Math.sqrt((NEEDED * NEEDED - 1) / 12.0)});

            bags.publish(new PosteriorMessage(frozen));
            send(bags, NEEDED);
            assertThat(bags.predictions(PredictionKind.ARRIVAL))
                    .hasSize(NEEDED + 1)
                    .extracting(Prediction::getScalerId)
                    .containsOnly(frozen.getScalerId());
            assertThat(bags.side(Bags.MOMENTS)).isEmpty();
        }
    }

    @Test
    void theSameBagsInAnotherOrderAndAfterARestoreMakeTheSameScaler() throws Exception {
        List<ScalerInput> moments = moments(NEEDED);
        Scaler straight;
        try (var scaler = open(null)) {
            for (ScalerInput input : moments) {
                scaler.processElement(input, 0);
            }
            straight = only(scaler);
        }
        OperatorSubtaskState state;
        try (var scaler = open(null)) {
            for (int i = NEEDED - 1; i >= 7; i--) {
                scaler.processElement(moments.get(i), 0);
            }
            state = scaler.snapshot(1, 1);
        }
        try (var scaler = open(state)) {
            for (int i = 6; i >= 0; i--) {
                scaler.processElement(moments.get(i), 0);
            }
            assertClose(
                    only(scaler).getMean(),
                    straight.getMean().stream().mapToDouble(d -> d).toArray());
            assertThat(only(scaler).getCells()).isEqualTo(straight.getCells());
        }
    }

    @Test
    void aCommandSetsTheScalerAndTheFirstOneStays() throws Exception {
        OperatorSubtaskState state;
        try (var scaler = open(null)) {
            scaler.processElement(moments(1).get(0), 0);
            scaler.processElement(command("first"), 0);
            scaler.processElement(command("second"), 0);
            for (ScalerInput input : moments(NEEDED)) {
                scaler.processElement(input, 0);
            }
            assertThat(only(scaler).getScalerId()).isEqualTo("first");
            state = scaler.snapshot(1, 1);
        }
        try (var scaler = open(state)) {
            scaler.processElement(command("third"), 0);
            assertThat(scaler.extractOutputValues()).isEmpty();
        }
    }

    @Test
    void theFirstScalerInTheTopicIsKeptThereEvenIfACrashCutItsBranchOff() throws Exception {
        List<ScalerInput> moments = moments(2 * NEEDED);
        OperatorSubtaskState state;
        PosteriorMessage abandoned;
        try (var scaler = open(null)) {
            for (ScalerInput input : moments.subList(0, 5)) {
                scaler.processElement(input, 0);
            }
            state = scaler.snapshot(1, 1);
            for (ScalerInput input : moments.subList(5, NEEDED)) {
                scaler.processElement(input, 0);
            }
            abandoned = new PosteriorMessage(only(scaler));
        }
        try (var scaler = open(state)) {
            for (ScalerInput input : moments.subList(NEEDED, 2 * NEEDED)) {
                scaler.processElement(input, 0);
            }
            PosteriorMessage fittedAgain = new PosteriorMessage(only(scaler));
            assertThat(fittedAgain).isNotEqualTo(abandoned);

            scaler.processElement(published(abandoned), 0);
            assertThat(scaler.extractOutputValues()).containsExactly(fittedAgain, abandoned);
            scaler.processElement(published(abandoned), 0);
            assertThat(scaler.extractOutputValues()).hasSize(2);
            scaler.processElement(published(fittedAgain), 0);
            assertThat(scaler.extractOutputValues()).containsExactly(fittedAgain, abandoned, abandoned);
        }
        try (var scaler = open(state)) {
            scaler.processElement(published(abandoned), 0);
            for (ScalerInput input : moments) {
                scaler.processElement(input, 0);
            }
            assertThat(scaler.extractOutputValues()).isEmpty();
        }
    }

    @Test
    void theScalerOfASavedModelStaysAlsoAfterARestore() throws Exception {
        JobConfig config = Events.config(Map.of());
        List<InitialModel> initial = SavedBags.initial(SavedBags.named("old", 6), config);
        ScalerInput command = ScalerInput.newBuilder(command("other")).build();
        OperatorSubtaskState state;
        try (var scaler = KeyedHarness.open(new FitScaler(config, initial), ScalerInput::getKey, null)) {
            scaler.processElement(command, 0);
            assertThat(scaler.extractOutputValues()).isEmpty();
            state = scaler.snapshot(1, 1);
        }
        try (var scaler = KeyedHarness.open(new FitScaler(config, List.of()), ScalerInput::getKey, state)) {
            scaler.processElement(command, 0);
            assertThat(scaler.extractOutputValues()).isEmpty();
            command.setEmbedding("another");
            scaler.processElement(command, 0);
            assertThat(only(scaler).getScalerId()).isEqualTo("other");
        }
    }

    private static KeyedHarness<ScalerInput, PosteriorMessage> open(OperatorSubtaskState state) throws Exception {
        return KeyedHarness.open(new FitScaler(CONFIG, List.of()), ScalerInput::getKey, state);
    }

    private static Scaler only(KeyedHarness<ScalerInput, PosteriorMessage> scaler) {
        assertThat(scaler.extractOutputValues()).hasSize(1);
        return (Scaler) scaler.extractOutputValues().get(0).getBody();
    }

    /** Bags whose age is their number. */
    private static void send(BagsHarness bags, int number) throws Exception {
        TestBag bag = TestBag.of("s" + number);
        bags.send(bag.records(bags.events).subList(0, 3));
        bags.send(bags.events.manifest(
                bag.manifest().setCovariates(Map.of("age", (double) number)).build()));
    }

    private static List<ScalerInput> moments(int count) throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            for (int i = 0; i < count; i++) {
                send(bags, i);
            }
            return bags.side(Bags.MOMENTS);
        }
    }

    /** A command as it comes out of the operator that reads them. */
    private static ScalerInput command(String id) throws Exception {
        Scaler scaler = Scaler.newBuilder((Scaler) Events.scaler(CONFIG).getBody())
                .setScalerId(id)
                .build();
        Control control = Control.newBuilder()
                .setCommandId(id)
                .setKind(ControlKind.SET_SCALER)
                .setStudy(Events.STUDY)
                .setIssuedAt(Instant.EPOCH)
                .setScaler(scaler)
                .build();
        List<ScalerInput> out = new ArrayList<>();
        Commands.ToScaler reader = new Commands.ToScaler(CONFIG);
        reader.open(null);
        reader.flatMap(
                new Events(CONFIG).event(Topic.CONTROL, EventKind.CONTROL, "", Events.encode(control, Control.class)),
                new ListCollector<>(out));
        assertThat(out).hasSize(1);
        return out.get(0);
    }

    /** A scaler as it comes back from the topic. */
    private static ScalerInput published(PosteriorMessage message) throws Exception {
        List<ScalerInput> out = new ArrayList<>();
        PublishedScalers reader = new PublishedScalers(CONFIG);
        reader.open(null);
        reader.flatMap(new Events(CONFIG).posterior(message), new ListCollector<>(out));
        assertThat(out).hasSize(1);
        return out.get(0);
    }

    private static void assertClose(List<Double> values, double[] expected) {
        assertThat(values.stream().mapToDouble(d -> d).toArray()).containsExactly(expected, within(1e-9));
    }
}
