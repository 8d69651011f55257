package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.kafka.KafkaConfig;
import io.gmil.schema.Likelihood;
import io.gmil.stream.BagPolicy.Incomplete;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobConfigTest {

    private static final Map<String, String> LEAST =
            Map.of("outcomes", "Y:binomial:2", KafkaConfig.BOOTSTRAP_SERVERS, "localhost:9092");

    @Test
    void theLeastThatHasToBeSaid() {
        JobConfig config = JobConfig.of(LEAST);

        assertThat(config.study()).isEqualTo("default");
        assertThat(config.outcomes()).containsExactly(new OutcomeConfig("Y", Likelihood.BINOMIAL, 2));
        assertThat(config.covariates()).isEmpty();
        assertThat(config.fixedEffects()).isEqualTo(1);
        assertThat(config.parallelism()).isEqualTo(1);
        assertThat(config.shards()).isEqualTo(32);
        assertThat(config.checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.bags())
                .isEqualTo(new BagPolicy(
                        Duration.ofHours(1),
                        Incomplete.REJECT,
                        0,
                        2L << 30,
                        10_000,
                        Duration.ofDays(365),
                        Duration.ofDays(365),
                        Duration.ZERO));
        assertThat(config.kafkaConfig().bootstrapServers()).isEqualTo("localhost:9092");
    }

    @Test
    void everySettingIsTaken() {
        JobConfig config = with(Map.of(
                "study", " aml ",
                "outcomes", "Y:binomial:3, dead:bernoulli",
                "covariates", "age, sex",
                "parallelism", "4",
                "shards", "16",
                "attention.top-k", "3",
                "scaler.bags", "7",
                "refresh.fraction", "0.25",
                "checkpoint.directory", "s3://bucket/x"));
        BagPolicy bags = with(Map.of(
                        "bag.deadline", "10m",
                        "bag.incomplete", "predict",
                        "bag.max-cells", "5000",
                        "bag.max-bytes", "512mb",
                        "bags.max-open", "7",
                        "bag.retention", "P30D",
                        "bag.remembered", "60d",
                        "bag.forget-after", "90d"))
                .bags();

        assertThat(config.study()).isEqualTo("aml");
        assertThat(config.outcomes())
                .containsExactly(
                        new OutcomeConfig("Y", Likelihood.BINOMIAL, 3),
                        new OutcomeConfig("dead", Likelihood.BERNOULLI, 1));
        assertThat(config.outcome("dead")).map(OutcomeConfig::trials).hasValue(1);
        assertThat(config.outcome("y")).isEmpty();
        assertThat(config.covariates()).containsExactly("age", "sex");
        assertThat(config.fixedEffects()).isEqualTo(3);
        assertThat(config.parallelism()).isEqualTo(4);
        assertThat(config.shards()).isEqualTo(16);
        assertThat(config.topK()).isEqualTo(3);
        assertThat(config.scalerBags()).isEqualTo(7);
        assertThat(config.refreshFraction()).isEqualTo(0.25);
        assertThat(config.checkpointDirectory()).isEqualTo("s3://bucket/x");
        assertThat(bags)
                .isEqualTo(new BagPolicy(
                        Duration.ofMinutes(10),
                        Incomplete.PREDICT,
                        5000,
                        512L << 20,
                        7,
                        Duration.ofDays(30),
                        Duration.ofDays(60),
                        Duration.ofDays(90)));
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatThrownBy(() -> JobConfig.of(Map.of(
                        "outcomes", "Y:poisson",
                        "parallelism", "none",
                        "shards", "0",
                        "refresh.fraction", "0.9",
                        "checkpoint.interval", "soon",
                        "bag.incomplete", "guess",
                        "bag.max-bytes", "many",
                        "paralelism", "2")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "outcomes: expected NAME:bernoulli or NAME:binomial:TRIALS, got 'Y:poisson'",
                        "parallelism: expected a whole number from 1 to 32768, got 'none'",
                        "shards: expected a whole number from 1 to 32768, got '0'",
                        "refresh.fraction: expected a number from",
                        "got '0.9'",
                        "checkpoint.interval: expected a duration such as 2s",
                        "got 'soon'",
                        "bag.incomplete: expected reject or predict, got 'guess'",
                        "bag.max-bytes: expected a size such as 512mb or 2gb, got 'many'",
                        "unknown setting 'paralelism'; there are:",
                        KafkaConfig.BOOTSTRAP_SERVERS);
    }

    @Test
    void anUnknownKafkaSettingIsAProblemToo() {
        assertThatThrownBy(() -> with(Map.of("kafka.bootstrap.server", "x:1")))
                .hasMessageContaining("kafka.bootstrap.server");
    }

    @Test
    void namesOfAnInitialModelNeedOne() {
        assertThat(with(Map.of("initial-model", "s3://b/m")).initialModel())
                .isEqualTo(new InitialModelConfig("s3://b/m", "", ""));
        assertThatThrownBy(() -> with(Map.of("initial-model.embedding", "scvi")))
                .hasMessage("initial-model.embedding and initial-model.embedding-version need initial-model");
    }

    @Test
    void moreSubtasksThanShardsAreRefused() {
        assertThatThrownBy(() -> with(Map.of("parallelism", "9", "shards", "8")))
                .hasMessage("parallelism 9 is more than the 8 shards");
        assertThatCode(() -> with(Map.of("parallelism", "8", "shards", "8"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"2s, PT2S", "0.5s, PT0.5S", "PT1M30S, PT1M30S", "1m30s, PT1M30S", "2h, PT2H", "p1d, PT24H", "30d, P30D"
    })
    void durations(String text, Duration expected) {
        assertThat(with(Map.of("checkpoint.interval", text)).checkpointInterval())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "-2s", "10", "2 s", "s"})
    void noDurations(String text) {
        assertThatThrownBy(() -> with(Map.of("checkpoint.interval", text)))
                .hasMessageContaining("checkpoint.interval: expected a duration such as 2s or PT1M30S, got '" + text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Y", "Y:", ":bernoulli", "Y:bernoulli:1", "Y:binomial", "Y:binomial:0", "Y:binomial:-1", "Y,,Z"})
    void noOutcomes(String text) {
        assertThatThrownBy(() -> with(Map.of("outcomes", text))).hasMessageContaining("outcomes: expected NAME:");
    }

    @Test
    void anOutcomeIsNeededAndNamedOnce() {
        assertThatThrownBy(() -> with(Map.of("outcomes", " ")))
                .hasMessageContaining("outcomes: expected at least one, for example Y:binomial:2");
        assertThatThrownBy(() -> with(Map.of("outcomes", "Y:bernoulli, Y:binomial:2")))
                .hasMessageContaining("outcomes: every outcome may be named once");
    }

    @Test
    void aFileSaysTheSame(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("job.properties");
        Files.writeString(file, "# a job\noutcomes = Y:binomial:2\nkafka.bootstrap.servers: localhost:9092\n");
        assertThat(JobConfig.load(file, Map.of())).isEqualTo(JobConfig.of(LEAST));
    }

    @Test
    void theFingerprintNamesWhatShapesAPosterior() {
        String fingerprint = JobConfig.of(LEAST).fingerprint();
        assertThat(fingerprint).as("alike in every process and release").isEqualTo("901b5d852f0435ce");
        assertThat(with(Map.of("parallelism", "2", "checkpoint.interval", "3s")).fingerprint())
                .isEqualTo(fingerprint);
        List.of(
                        Map.of("seed", "1"),
                        Map.of("bag.max-cells", "9"),
                        Map.of("staleness", "0.5"),
                        Map.of("covariates", "age"),
                        Map.of("shards", "64"))
                .forEach(other ->
                        assertThat(with(other).fingerprint()).as("%s", other).isNotEqualTo(fingerprint));
    }

    @Test
    void itTravelsToTheOperators() throws Exception {
        JobConfig config = with(Map.of("covariates", "age"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(config);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(config);
        }
    }

    private static JobConfig with(Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(LEAST);
        settings.putAll(further);
        return JobConfig.of(settings);
    }
}
