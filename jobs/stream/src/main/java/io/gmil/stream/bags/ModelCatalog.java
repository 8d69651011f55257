package io.gmil.stream.bags;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.model.BagMeanReference;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.schema.BagMeans;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.BagMeansCodec;
import io.gmil.stream.JobConfig;
import io.gmil.stream.ModelIds;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.PosteriorCodec;
import io.gmil.stream.RestoredSettings;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What this subtask has heard of scalers and posteriors, decoded: the newest of each. */
final class ModelCatalog {

    private final JobConfig config;
    private final RestoredSettings settings;
    private final AvroWire<PosteriorMessage> wire = AvroWire.of(PosteriorMessage.class);
    private final boolean learning;

    /** By embedding: those that bags are predicted with. */
    private final Map<String, EmbeddingScaler> scalers = new HashMap<>();

    /** By {@link #scalerKey}, like their messages, references and the newest generations of their posteriors. */
    private final Map<String, EmbeddingScaler> heard = new HashMap<>();

    private final Map<String, byte[]> scalerMessages = new HashMap<>();
    private final Map<String, Reference> references = new HashMap<>();
    private final Map<String, Long> generations = new HashMap<>();
    private final Map<String, Known> posteriors = new HashMap<>();
    private final Map<String, PosteriorSnapshot> pins = new HashMap<>();
    private final Map<String, ActiveModel> models = new HashMap<>();
    private boolean complete;

    /**
     * A posterior with what is needed to use it before any bag of its model has come.
     *
     * @param nextBy when it is to be published again if it rests until then; null where that is not known
     * @param refreshSince the version before which no site must have been computed
     * @param erasedSince the first version without the patient who was erased last
     */
    private record Known(
            ModelId id,
            PosteriorSnapshot snapshot,
            boolean settled,
            Instant publishedAt,
            Instant nextBy,
            long sumsSince,
            Version refreshSince,
            Version erasedSince) {}

    private record Reference(BagMeanReference bagMeans, Instant publishedAt) {}

    /**
     * @param settings outcomes that the job learns no more are known too: their sites may have to leave
     * @param learning whether the job has a learner. Then what is known is enough to predict with, and an embedding keeps
     *     its first scaler; else it is once {@link #complete} says so, and another learner may take the place of the first
     */
    ModelCatalog(JobConfig config, RestoredSettings settings, boolean learning) {
        this.config = config;
        this.settings = settings;
        this.learning = learning;
        this.complete = learning;
    }

    /** The posteriors there were at the start are all known. */
    void complete() {
        complete = true;
    }

    /** Scalers that bags can be predicted with: bags that wait need not look again until it changes. */
    int scalers() {
        return complete ? scalers.size() : 0;
    }

    /**
     * Takes in a message of the posterior topic.
     *
     * @return the key it is to be remembered by, or null where something newer is known already
     * @throws WireException where the bytes are no such message
     */
    String learn(byte[] message) throws WireException {
        Object body = wire.decode(message).getBody();
        return body instanceof Scaler scaler ? learn(scaler) : learn((Posterior) body);
    }

    private String learn(Scaler scaler) {
        String key = ModelIds.embedding(scaler.getStudy(), scaler.getEmbedding(), scaler.getEmbeddingVersion());
        if (!scaler.getStudy().equals(config.study()) || !scaler.getCovariates().equals(config.covariates())) {
            return null;
        }
        BagMeans bagMeans = scaler.getBagMeans();
        scaler.setBagMeans(null);
        EmbeddingScaler used = scalers.get(key);
        boolean another = used != null && !used.id().equals(scaler.getScalerId());
        if (another && learning) {
            // The first one stays: another would be another model.
            return null;
        }
        String scalerKey = scalerKey(key, scaler.getScalerId());
        if (!heard.containsKey(scalerKey)) {
            heard.put(scalerKey, EmbeddingScaler.of(scaler));
            scalerMessages.put(scalerKey, wire.encode(new PosteriorMessage(scaler)));
            choose(key, scalerKey);
        } else if (bagMeans == null) {
            return null;
        }
        String place = another ? scalerKey : key;
        return bagMeans == null ? ModelIds.SCALER_PREFIX + place : learn(bagMeans, scalerKey, place);
    }

    private String learn(BagMeans bagMeans, String scalerKey, String place) {
        Reference known = references.get(scalerKey);
        if (known != null && !bagMeans.getPublishedAt().isAfter(known.publishedAt())) {
            return null;
        }
        references.put(scalerKey, new Reference(BagMeansCodec.reference(bagMeans), bagMeans.getPublishedAt()));
        return ModelIds.REFERENCE_PREFIX + place;
    }

    private static String scalerKey(String embedding, String scaler) {
        return embedding + "|" + scaler;
    }

    /** Of several scalers bags are predicted with that of the newest posterior: a learner that began anew has its own. */
    private void choose(String embedding, String scalerKey) {
        EmbeddingScaler used = scalers.get(embedding);
        if (used == null
                || generations.getOrDefault(scalerKey, 0L)
                        > generations.getOrDefault(scalerKey(embedding, used.id()), 0L)) {
            scalers.put(embedding, heard.get(scalerKey));
        }
    }

    private void heard(Posterior posterior) {
        String embedding =
                ModelIds.embedding(posterior.getStudy(), posterior.getEmbedding(), posterior.getEmbeddingVersion());
        String scalerKey = scalerKey(embedding, posterior.getScalerId());
        generations.merge(scalerKey, posterior.getGeneration(), Math::max);
        if (heard.containsKey(scalerKey)) {
            choose(embedding, scalerKey);
        }
    }

    /** What the mean of a bag is expected to be, or null while that is not known. */
    BagMeanReference reference(Bag bag) {
        String key = scalerKey(bag);
        Reference known = key == null ? null : references.get(key);
        return known == null ? null : known.bagMeans();
    }

    /** A message that carries the scaler of a bag's embedding alone. */
    byte[] scalerMessage(Bag bag) {
        return scalerMessages.get(scalerKey(bag));
    }

    /** Of the scaler that a bag is predicted with; null while there is none. */
    private String scalerKey(Bag bag) {
        EmbeddingScaler used = scalers.get(embedding(bag));
        return used == null ? null : scalerKey(embedding(bag), used.id());
    }

    private static String embedding(Bag bag) {
        return ModelIds.embedding(bag.getStudy(), bag.getEmbedding(), bag.getEmbeddingVersion());
    }

    private String learn(Posterior posterior) {
        String key = ModelIds.key(posterior);
        Known known = posteriors.get(key);
        if (!usable(posterior) || known != null && !newer(posterior, known.snapshot()) && !repeated(posterior, known)) {
            return null;
        }
        PosteriorSnapshot snapshot = PosteriorCodec.snapshot(posterior, config);
        ModelId id = new ModelId(
                posterior.getStudy(),
                posterior.getOutcome(),
                posterior.getEmbedding(),
                posterior.getEmbeddingVersion(),
                posterior.getScalerId(),
                posterior.getWidth());
        Known newest = new Known(
                id,
                snapshot,
                posterior.getSettled(),
                posterior.getPublishedAt(),
                posterior.getNextBy(),
                posterior.getSumsSince(),
                Version.of(posterior.getRefreshSince()),
                Version.of(posterior.getErasedSince()));
        posteriors.put(key, newest);
        heard(posterior);
        ActiveModel model = models.get(key);
        if (model != null) {
            model.snapshot(snapshot, newest.refreshSince());
        }
        return key;
    }

    private boolean usable(Posterior posterior) {
        return posterior.getStudy().equals(config.study())
                && settings.outcome(posterior.getOutcome()).isPresent()
                && posterior.getCovariates().equals(config.covariates());
    }

    private static boolean newer(Posterior posterior, PosteriorSnapshot known) {
        return posterior.getGeneration() > known.generation()
                || posterior.getGeneration() == known.generation() && posterior.getVersion() > known.version();
    }

    /** One that rests is published again, with a later time. */
    private static boolean repeated(Posterior posterior, Known known) {
        return posterior.getSettled()
                && posterior.getGeneration() == known.snapshot().generation()
                && posterior.getVersion() == known.snapshot().version()
                && posterior.getPublishedAt().isAfter(known.publishedAt());
    }

    /**
     * Predicts with this posterior from now on.
     *
     * @param message of a command that has been checked
     * @return the key of its model
     * @throws WireException where the bytes are no such message
     * @throws IllegalArgumentException where a patient has been erased since
     */
    String pin(byte[] message) throws WireException {
        Posterior posterior = (Posterior) wire.decode(message).getBody();
        String key = ModelIds.key(posterior);
        PosteriorSnapshot snapshot = PosteriorCodec.snapshot(posterior, config);
        Optional<String> problem = beforeErasure(key, Version.of(snapshot));
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        }
        pins.put(key, snapshot);
        ActiveModel model = models.get(key);
        if (model != null) {
            model.pin(pins.get(key));
        }
        return key;
    }

    /** What is wrong with the pinned posterior of a model, now that the newest one is known; empty where nothing is. */
    Optional<String> pinnedBeforeErasure(String key) {
        PosteriorSnapshot pinned = pins.get(key);
        return pinned == null ? Optional.empty() : beforeErasure(key, Version.of(pinned));
    }

    /** What a posterior of before the last erasure predicts rests on the patient who is gone. */
    private Optional<String> beforeErasure(String key, Version pinned) {
        Known known = posteriors.get(key);
        return known == null || !known.erasedSince().newerThan(pinned)
                ? Optional.empty()
                : Optional.of(
                        "posterior to pin of model '%s': expected one from version %s on, after a patient was erased, got %s"
                                .formatted(key, known.erasedSince(), pinned));
    }

    /** The outcome of a pinned posterior. */
    String outcome(byte[] message) throws WireException {
        return ((Posterior) wire.decode(message).getBody()).getOutcome();
    }

    /** Predicts with the newest posterior of a model again. */
    void unpin(String key) {
        pins.remove(key);
        ActiveModel model = models.get(key);
        if (model != null) {
            model.pin(null);
        }
    }

    /**
     * When what a model predicts with is to be followed by another, or published again; null where nothing is expected.
     *
     * @param staleAfter how long one that does not rest may be the newest
     */
    Instant nextBy(ActiveModel model, Duration staleAfter) {
        Known known = posteriors.get(model.key());
        if (known == null || pins.containsKey(model.key())) {
            return null;
        }
        return known.settled() ? known.nextBy() : known.publishedAt().plus(staleAfter);
    }

    /** The version at which the learner of a model asked for all sites; negative when it does not. */
    long sumsSince(ActiveModel model) {
        Known known = posteriors.get(model.key());
        return known == null ? -1 : known.sumsSince();
    }

    /** Those whose posterior has been heard of. */
    List<ActiveModel> models() {
        return posteriors.keySet().stream()
                .sorted()
                .map(this::model)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The scaler of a bag's embedding; null while it is not known, or earlier posteriors are still being read. */
    EmbeddingScaler scaler(Bag bag) {
        return !complete ? null : scalers.get(embedding(bag));
    }

    /** The model of an outcome on a bag's embedding; null while its scaler is not known. */
    ActiveModel model(Bag bag, OutcomeConfig outcome) {
        EmbeddingScaler scaler = scaler(bag);
        return scaler == null
                ? null
                : model(
                        new ModelId(
                                bag.getStudy(),
                                outcome.name(),
                                bag.getEmbedding(),
                                bag.getEmbeddingVersion(),
                                scaler.id(),
                                scaler.features().width()),
                        outcome,
                        scaler);
    }

    /** The model of a key whose posterior has been heard of; null while it or its scaler is not known. */
    ActiveModel model(String key) {
        Known known = posteriors.get(key);
        return known == null ? null : model(known.id());
    }

    /** A model of an outcome that the job knows; null while its scaler is not known. */
    ActiveModel model(ModelId id) {
        EmbeddingScaler scaler =
                scalers.get(ModelIds.embedding(id.getStudy(), id.getEmbedding(), id.getEmbeddingVersion()));
        return scaler == null || !scaler.id().equals(id.getScalerId())
                ? null
                : model(id, settings.outcome(id.getOutcome()).orElseThrow(), scaler);
    }

    private ActiveModel model(ModelId id, OutcomeConfig outcome, EmbeddingScaler scaler) {
        String key = ModelIds.key(id);
        return models.computeIfAbsent(key, absent -> {
            Known known = posteriors.get(key);
            ActiveModel model = new ActiveModel(id, key, outcome, scaler, config);
            if (known != null) {
                model.snapshot(known.snapshot(), known.refreshSince());
            }
            model.pin(pins.get(key));
            return model;
        });
    }
}
