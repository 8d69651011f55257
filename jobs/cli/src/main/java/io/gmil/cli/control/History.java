package io.gmil.cli.control;

import io.gmil.cli.UsageException;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topic;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.ModelIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The posteriors of a study that were kept: those that rested, and those an operator asked for. */
final class History {

    private static final Comparator<Posterior> OLDEST_FIRST =
            Comparator.comparingLong(Posterior::getGeneration).thenComparingLong(Posterior::getVersion);

    private final List<Posterior> posteriors;

    private History(List<Posterior> posteriors) {
        this.posteriors = posteriors;
    }

    static History read(KafkaConfig kafka, String study) throws IOException {
        List<Posterior> kept = new ArrayList<>();
        TopicRecords.forEach(kafka, Topic.POSTERIOR_HISTORY, PosteriorMessage.class, message -> {
            if (message.getBody() instanceof Posterior posterior
                    && posterior.getStudy().equals(study)) {
                kept.add(posterior);
            }
        });
        return of(kept);
    }

    /** In any order; a version that was kept twice counts once. */
    static History of(List<Posterior> kept) {
        Map<String, Posterior> distinct = new TreeMap<>();
        kept.forEach(each -> distinct.put(ModelIds.key(each) + "|" + name(each), each));
        return new History(distinct.values().stream().sorted(OLDEST_FIRST).toList());
    }

    /** How a version is named: generation and number. */
    static String name(Posterior posterior) {
        return posterior.getGeneration() + "." + posterior.getVersion();
    }

    /** The oldest first. */
    List<Posterior> all() {
        return posteriors;
    }

    /**
     * The one version of an outcome by that name.
     *
     * @param version {@code GENERATION.NUMBER}, or a number alone where that is enough
     * @param outcome may be left out where that is enough
     */
    Posterior find(String version, Optional<String> outcome) {
        List<Posterior> found = posteriors.stream()
                .filter(each -> outcome.isEmpty() || each.getOutcome().equals(outcome.get()))
                .filter(each -> name(each).equals(version)
                        || Long.toString(each.getVersion()).equals(version))
                .toList();
        if (found.size() != 1) {
            List<String> names = (found.isEmpty() ? posteriors : found)
                    .stream().map(each -> each.getOutcome() + " " + name(each)).toList();
            throw new UsageException("version: expected one of %s, got '%s'%s"
                    .formatted(names, version, found.isEmpty() ? "" : ", which is several"));
        }
        return found.get(0);
    }
}
