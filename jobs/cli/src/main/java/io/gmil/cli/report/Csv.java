package io.gmil.cli.report;

/** Cells of a CSV file after RFC 4180; numbers are written by {@code Double.toString}, whatever the locale. */
public final class Csv {

    private Csv() {}

    /** One line without its end; a number that is none (NaN) is an empty cell. */
    public static String line(Object... values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.length; i++) {
            if (i > 0) {
                line.append(',');
            }
            boolean none = values[i] instanceof Double number && number.isNaN();
            line.append(none ? "" : quoted(String.valueOf(values[i])));
        }
        return line.toString();
    }

    private static String quoted(String value) {
        boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }
}
