package io.gmil.stream;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.MemorySize;

/** Reads typed values out of a flat map and collects every problem, so that a person mends them all at once. */
final class Settings {

    private final Map<String, String> values;
    private final TreeSet<String> known = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    Settings(Map<String, String> values) {
        this.values = new TreeMap<>(values);
    }

    void problem(String problem) {
        problems.add(problem);
    }

    Optional<String> optional(String key) {
        known.add(key);
        return Optional.ofNullable(values.remove(key)).map(String::strip).filter(value -> !value.isEmpty());
    }

    String text(String key, String otherwise) {
        return optional(key).orElse(otherwise);
    }

    int whole(String key, int otherwise, int least, int most) {
        String text = text(key, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below together with values out of range.
        }
        problem("%s: expected a whole number from %d to %d, got '%s'".formatted(key, least, most, text));
        return otherwise;
    }

    double number(String key, double otherwise, double least, double most) {
        String text = text(key, Double.toString(otherwise));
        try {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below together with values out of range.
        }
        problem("%s: expected a number from %s to %s, got '%s'".formatted(key, least, most, text));
        return otherwise;
    }

    Duration duration(String key, Duration otherwise) {
        return optional(key).map(text -> duration(key, text, otherwise)).orElse(otherwise);
    }

    /** Zero for {@code never}, as where nothing is set. */
    Duration durationOrNever(String key) {
        return optional(key)
                .filter(text -> !text.equals("never"))
                .map(text -> duration(key, text, Duration.ZERO))
                .orElse(Duration.ZERO);
    }

    private Duration duration(String key, String text, Duration otherwise) {
        try {
            String iso = text.toUpperCase(Locale.ROOT);
            String prefix = iso.startsWith("P") ? "" : iso.endsWith("D") ? "P" : "PT";
            Duration value = Duration.parse(prefix + iso);
            if (value.compareTo(Duration.ZERO) > 0) {
                return value;
            }
        } catch (DateTimeParseException e) {
            // Reported below together with durations that are not positive.
        }
        problem("%s: expected a duration such as 2s or PT1M30S, got '%s'".formatted(key, text));
        return otherwise;
    }

    /** A number of bytes, such as {@code 512mb}. */
    long bytes(String key, long otherwise) {
        Optional<String> text = optional(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long value = MemorySize.parseBytes(text.get());
            if (value > 0) {
                return value;
            }
        } catch (IllegalArgumentException e) {
            // Reported below together with sizes that are not positive.
        }
        problem("%s: expected a size such as 512mb or 2gb, got '%s'".formatted(key, text.get()));
        return otherwise;
    }

    <E extends Enum<E>> E choice(String key, E otherwise) {
        Optional<String> text = optional(key);
        List<String> names = new ArrayList<>();
        for (E value : otherwise.getDeclaringClass().getEnumConstants()) {
            String name = value.name().toLowerCase(Locale.ROOT);
            if (text.isEmpty() ? value == otherwise : text.get().equals(name)) {
                return value;
            }
            names.add(name);
        }
        problem("%s: expected %s, got '%s'".formatted(key, String.join(" or ", names), text.get()));
        return otherwise;
    }

    List<String> names(String key) {
        return optional(key)
                .map(text ->
                        List.of(text.split(",", -1)).stream().map(String::strip).toList())
                .orElse(List.of());
    }

    List<OutcomeConfig> outcomes(String key) {
        List<OutcomeConfig> outcomes = new ArrayList<>();
        for (String text : names(key)) {
            try {
                outcomes.add(OutcomeConfig.parse(text));
            } catch (IllegalArgumentException e) {
                problem(key + ": " + e.getMessage());
            }
        }
        if (outcomes.stream().map(OutcomeConfig::name).distinct().count() < outcomes.size()) {
            problem(key + ": every outcome may be named once, got '" + outcomes + "'");
        }
        if (outcomes.isEmpty() && problems.isEmpty()) {
            problem(key + ": expected at least one, for example Y:binomial:2");
        }
        return List.copyOf(outcomes);
    }

    /** Takes every key with the prefix. */
    Map<String, String> prefixed(String prefix) {
        Map<String, String> taken = new TreeMap<>();
        values.entrySet().removeIf(entry -> {
            boolean match = entry.getKey().startsWith(prefix);
            if (match) {
                taken.put(entry.getKey(), entry.getValue());
            }
            return match;
        });
        known.add(prefix + "*");
        return taken;
    }

    void finish() {
        values.keySet()
                .forEach(key -> problem("unknown setting '" + key + "'; there are: " + String.join(", ", known)));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }
}
