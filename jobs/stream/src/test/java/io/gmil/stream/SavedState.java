package io.gmil.stream;

import io.gmil.model.BagMeanMoments;
import io.gmil.schema.ControlKind;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.evaluate.Evaluate;
import io.gmil.stream.state.BagMean;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.ScoredBag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OperatorSnapshotUtil;

/** What every operator with state had stored in a small job, in the canonical format of savepoints, one file an operator. */
final class SavedState {

    static final JobConfig CONFIG =
            Events.config(Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1"));

    /** Labelled and learnt. */
    static final List<TestBag> LEARNT =
            IntStream.range(0, 9).mapToObj(i -> TestBag.of("s" + i)).toList();

    /** Two of three chunks have come. */
    static final TestBag HALF = TestBag.of("half");

    /** Its label has come. */
    static final TestBag EARLY = TestBag.of("early");

    /** Predicted, without a label. */
    static final TestBag UNLABELLED = TestBag.of("quiet");

    /** Was predicted and learnt; its patient has been erased. */
    static final TestBag GONE = TestBag.of("gone");

    /** Scored, besides those that have been. */
    static final int SCORED = 2;

    private static final Path DIRECTORY = Path.of("src/test/resources/state");

    private SavedState() {}

    /** Numbers of the state versions there are files of. */
    static Stream<Integer> versions() throws IOException {
        try (Stream<Path> folders = Files.list(DIRECTORY)) {
            return folders.map(folder -> Integer.valueOf(folder.getFileName().toString())).sorted().toList().stream();
        }
    }

    static OperatorSubtaskState read(int version, String operator) throws Exception {
        return OperatorSnapshotUtil.readStateHandle(file(version, operator).toString());
    }

    private static Path file(int version, String operator) {
        return DIRECTORY.resolve(Integer.toString(version)).resolve(operator);
    }

    /** Writes what the operators of the present code store. */
    static void write(int version) throws Exception {
        Files.createDirectory(DIRECTORY.resolve(Integer.toString(version)));
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            List<OperatorSubtaskState> states = loop.savepoint();
            write(version, "bags", states.get(0));
            write(version, "update-posterior", states.get(1));
        }
        try (var scaler = scaler(null)) {
            for (ScalerInput input : moments(CONFIG.scalerBags())) {
                scaler.processElement(input, 0);
            }
            for (ScalerInput input : moments(CONFIG.scalerBags() - 1)) {
                scaler.processElement(ofAnotherVersion(input), 0);
            }
            write(version, "fit-scaler", savepoint(scaler));
        }
        try (var evaluate = KeyedHarness.open(new Evaluate(), ScoredBag::getModel, null)) {
            for (int i = 0; i < SCORED; i++) {
                evaluate.processElement(scored(i), 0);
            }
            evaluate.advanceTime(10_000);
            write(version, "evaluate", savepoint(evaluate));
        }
        var reference = reference(null);
        for (BagMean mean : means(BagMeanMoments.LEAST_BAGS - 1)) {
            reference.processElement(mean, 0);
        }
        write(version, "fit-reference", savepoint(reference));
        reference.close();
    }

    private static void write(int version, String operator, OperatorSubtaskState state) throws IOException {
        OperatorSnapshotUtil.writeStateHandle(state, file(version, operator).toString());
    }

    private static OperatorSubtaskState savepoint(AbstractStreamOperatorTestHarness<?> harness) throws Exception {
        return harness.snapshotWithLocalState(1, 1, SavepointType.savepoint(SavepointFormatType.CANONICAL))
                .getJobManagerOwnedState();
    }

    private static void learn(LearningLoop loop) throws Exception {
        BagsHarness bags = loop.bags;
        for (int i = 0; i < LEARNT.size(); i++) {
            bags.send(LEARNT.get(i).records(bags.events));
            bags.send(bags.events.label(LEARNT.get(i).label(i % 3, 0).build()));
        }
        bags.send(GONE.records(bags.events));
        bags.send(bags.events.label(GONE.label(2, 0).build()));
        bags.send(UNLABELLED.records(bags.events));
        bags.send(HALF.records(bags.events).subList(0, 2));
        bags.send(bags.events.label(EARLY.label(1, 0).build()));
        loop.turn(3);
        bags.command(bags.events.command(
                Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId(GONE.patient())));
        loop.turn(3);
    }

    static KeyedHarness<ScalerInput, PosteriorMessage> scaler(OperatorSubtaskState state) throws Exception {
        return KeyedHarness.open(new FitScaler(CONFIG, List.of()), ScalerInput::getKey, state);
    }

    /** Moments of the first bags of a job. */
    static List<ScalerInput> moments(int count) throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            send(bags, count);
            return bags.side(Bags.MOMENTS);
        }
    }

    private static void send(BagsHarness bags, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            bags.send(TestBag.of("s" + i).records(bags.events));
        }
    }

    /** The same of a version of the embedding whose scaler lacks one bag. */
    static ScalerInput ofAnotherVersion(ScalerInput input) {
        return ScalerInput.newBuilder(input)
                .setEmbeddingVersion("2")
                .setKey(ModelIds.pool(input.getStudy(), input.getEmbedding(), "2", Events.WIDTH))
                .build();
    }

    static ScoredBag scored(int i) {
        return ScoredBag.newBuilder()
                .setModel(LearningLoop.MODEL)
                .setStudy(Events.STUDY)
                .setOutcome(Events.OUTCOME)
                .setEmbedding(Events.EMBEDDING)
                .setEmbeddingVersion("1")
                .setProbability(0.2 + 0.3 * i)
                .setValue(i % 3)
                .setTrials(2)
                .build();
    }

    static OneInputStreamOperatorTestHarness<BagMean, PosteriorMessage> reference(OperatorSubtaskState state)
            throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<>(new ProcessOperator<>(new FitReference()));
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    /** Means of the first bags of a job. */
    static List<BagMean> means(int count) throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            send(bags, count);
            return bags.side(Bags.BAG_MEANS);
        }
    }
}
