package io.gmil.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How many cells of each sample are listed.
 *
 * @param cells at least 1, or 0 for all
 */
record TopK(int cells) {

    /** Reads {@code N} or {@code all}. */
    static final class Converter implements ITypeConverter<TopK> {
        @Override
        public TopK convert(String value) {
            if (value.equals("all")) {
                return new TopK(0);
            }
            if (value.matches("[1-9]\\d{0,8}")) {
                return new TopK(Integer.parseInt(value));
            }
            throw new TypeConversionException("expected a positive number or 'all', got '" + value + "'");
        }
    }
}
