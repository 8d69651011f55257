package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The production graph as text. A changed uid or partitioner parts a job from its state, so it has to be on purpose. */
class TopologyTest {

    private static final StreamGraph GRAPH = graph();
    private static final StreamGraph SCORE_GRAPH = scoreGraph();

    private static StreamGraph graph() {
        JobConfig config = Events.config(Map.of("parallelism", "4"));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        LearnJob.define(env, Sources.kafka(config), config, List.of(), Sinks.kafka(config));
        return env.getStreamGraph();
    }

    private static StreamGraph scoreGraph() {
        JobConfig config = Events.config(Map.of("parallelism", "4"));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        ScoreJob.define(env, ScoreSources.kafka(config), config, ScoreSinks.kafka(config));
        return env.getStreamGraph();
    }

    static Stream<Arguments> graphs() {
        return Stream.of(Arguments.of(GRAPH, "/topology.txt"), Arguments.of(SCORE_GRAPH, "/score-topology.txt"));
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void theGraphIsTheOneCheckedIn(StreamGraph graph, String checkedIn) throws Exception {
        try (InputStream file = getClass().getResourceAsStream(checkedIn)) {
            String expected = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(operators(rendered(graph))).containsExactlyInAnyOrder(operators(expected));
        }
    }

    /** With their inputs; their order depends on what graphs were made before in this JVM. */
    private static String[] operators(String text) {
        return text.split("\n(?! )", -1);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void everyOperatorHasANameAndAUidOfItsOwn(StreamGraph graph) {
        assertThat(graph.getStreamNodes())
                .allSatisfy(node -> {
                    assertThat(node.getOperatorName()).isNotBlank();
                    assertThat(node.getTransformationUID())
                            .as("uid of %s", node.getOperatorName())
                            .isNotBlank();
                })
                .extracting(StreamNode::getTransformationUID)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void nothingFallsBackToKryo(StreamGraph graph) {
        assertThat(graph.getExecutionConfig().getSerializerConfig().hasGenericTypesDisabled())
                .isTrue();
        List<TypeSerializer<?>> serializers = graph.getStreamNodes().stream()
                .flatMap(node -> Stream.concat(
                        Stream.of(node.getTypeSerializersIn()),
                        Stream.of(node.getTypeSerializerOut(), node.getStateKeySerializer())))
                .filter(Objects::nonNull)
                .collect(Collectors.toList());
        assertThat(serializers).hasSizeGreaterThan(15).noneMatch(KryoSerializer.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("graphs")
    void stateCanBeSpreadOverTheShardsForGood(StreamGraph graph) {
        assertThat(graph.getStreamNodes())
                .allSatisfy(node -> assertThat(node.getMaxParallelism()).isIn(-1, 8));
        assertThat(graph.getExecutionConfig().getMaxParallelism()).isEqualTo(8);
    }

    private static String rendered(StreamGraph graph) throws Exception {
        StringBuilder text = new StringBuilder();
        for (StreamNode node : graph.getStreamNodesSortedTopologicallyFromSources()) {
            text.append("%s  uid=%s  parallelism=%d%n"
                    .formatted(node.getOperatorName(), node.getTransformationUID(), node.getParallelism()));
            node.getInEdges().stream()
                    .map(edge -> rendered(graph, edge))
                    .sorted()
                    .forEach(edge -> text.append("    <- ").append(edge).append('\n'));
        }
        return text.toString();
    }

    private static String rendered(StreamGraph graph, StreamEdge edge) {
        String output =
                edge.getOutputTag() == null ? "" : "." + edge.getOutputTag().getId();
        return graph.getSourceVertex(edge).getOperatorName() + output + "  " + edge.getPartitioner();
    }
}
