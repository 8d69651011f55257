package io.gmil.stream;

import io.gmil.kafka.KafkaConfig;
import io.gmil.stream.saved.Fingerprint;
import java.io.IOException;
import java.io.Reader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Everything the learning job can be told, validated once.
 *
 * @param study the one study this job serves; records of another are dead letters
 * @param outcomes what is predicted, each with its likelihood
 * @param covariates names of the fixed effects besides the intercept, in model order
 * @param parallelism of the operators that work on cells
 * @param shards keys over which patients are spread; fixes the max parallelism for the life of the state
 * @param checkpointInterval time between checkpoints; also how late a committed prediction may be seen
 * @param checkpointDirectory URI of the checkpoints; empty where the cluster's own setting is to hold
 * @param topK cells listed in an attention summary
 * @param scalerBags bags whose moments freeze the scaler where no command sets one
 * @param refreshFraction share of a shard's labelled bags that one posterior version asks to refresh
 * @param refreshShare share of an operator's time that refreshes may take while cells are arriving
 * @param staleness path length, in posterior standard deviations, after which a site is stale
 * @param leastVisits visits a sampled site averages before it can be fresh: what is left of the draws' noise
 * @param restTolerance residual, in the same unit, below which the posterior rests
 * @param stepLimit distance in posterior standard deviations, per dimension, beyond which a step of the posterior is refused
 * @param erasureCompleteAfter how long copies of an erased patient may last in older checkpoints and in topics
 * @param bags how long bags may take and stay, and how large they may be
 * @param scoring what concerns predictions alone
 * @param seed of the base noise of the draws
 * @param initialModel the saved model to begin with
 * @param kafka settings of the Kafka clients, as {@link KafkaConfig#from} reads them
 */
public record JobConfig(
        String study,
        List<OutcomeConfig> outcomes,
        List<String> covariates,
        int parallelism,
        int shards,
        Duration checkpointInterval,
        String checkpointDirectory,
        int topK,
        int scalerBags,
        double refreshFraction,
        double refreshShare,
        double staleness,
        int leastVisits,
        double restTolerance,
        double stepLimit,
        Duration erasureCompleteAfter,
        BagPolicy bags,
        ScoringConfig scoring,
        long seed,
        InitialModelConfig initialModel,
        Map<String, String> kafka)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final int FINGERPRINT_DIGITS = 16;

    /**
     * @param settings keys as in the README, for example {@code outcomes = Y:binomial:2}
     * @throws IllegalArgumentException naming every problem at once
     */
    public static JobConfig of(Map<String, String> settings) {
        Settings from = new Settings(settings);
        JobConfig config = new JobConfig(
                from.text("study", "default"),
                from.outcomes("outcomes"),
                from.names("covariates"),
                from.whole("parallelism", 1, 1, 1 << 15),
                from.whole("shards", 32, 1, 1 << 15),
                from.duration("checkpoint.interval", Duration.ofSeconds(10)),
                from.text("checkpoint.directory", ""),
                from.whole("attention.top-k", 10, 1, 10_000),
                from.whole("scaler.bags", 20, 1, 100_000),
                from.number("refresh.fraction", 0.125, 1e-6, 1 / 3.0),
                from.number("refresh.share", 0.05, 1e-3, 1),
                from.number("staleness", 0.02, 1e-6, 10),
                from.whole("least.visits", 12, 1, 1000),
                from.number("rest.tolerance", 0.01, 1e-6, 10),
                from.number("step.limit", 100, 1e-3, 1e6),
                from.duration("erasure.complete-after", Duration.ofDays(367)),
                BagPolicy.of(from),
                ScoringConfig.of(from),
                from.whole("seed", 0, 0, Integer.MAX_VALUE),
                InitialModelConfig.of(from),
                from.prefixed(KafkaConfig.PREFIX));
        KafkaConfig.problems(config.kafka).forEach(from::problem);
        if (config.parallelism > config.shards) {
            from.problem("parallelism " + config.parallelism + " is more than the " + config.shards + " shards");
        }
        from.finish();
        return config;
    }

    /**
     * Reads the settings from a properties file.
     *
     * @param given settings that go before those of the file
     */
    public static JobConfig load(Path file, Map<String, String> given) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        settings.putAll(given);
        return of(settings);
    }

    public KafkaConfig kafkaConfig() {
        return KafkaConfig.from(kafka);
    }

    /** Fixed effects of the model, K: the covariates and the intercept. */
    public int fixedEffects() {
        return covariates.size() + 1;
    }

    /** The outcome of that name, or empty where this job does not learn it. */
    public Optional<OutcomeConfig> outcome(String name) {
        return outcomes.stream().filter(outcome -> outcome.name().equals(name)).findFirst();
    }

    /** Identifies the settings that shape a posterior, alike in every process; part of the audit trail. */
    public String fingerprint() {
        String settings = List.of(
                        study,
                        outcomes.stream().map(OutcomeConfig::text).toList(),
                        covariates,
                        shards,
                        refreshFraction,
                        staleness,
                        leastVisits,
                        restTolerance,
                        bags.maxCells(),
                        seed)
                .toString();
        return Fingerprint.ofBytes(settings.getBytes(StandardCharsets.UTF_8)).substring(0, FINGERPRINT_DIGITS);
    }
}
