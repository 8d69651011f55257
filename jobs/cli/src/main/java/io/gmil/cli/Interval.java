package io.gmil.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time such as {@code 500ms}, {@code 2s} or {@code 1m}. */
final class Interval implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(ms|s|m)");

    @Override
    public Duration convert(String value) {
        Matcher match = FORM.matcher(value);
        if (!match.matches()) {
            throw new TypeConversionException("expected a time such as 500ms, 2s or 1m, got '" + value + "'");
        }
        long amount = Long.parseLong(match.group(1));
        return switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }
}
