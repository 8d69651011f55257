package io.gmil.cohort;

/**
 * A number of every cell that only an export keeps.
 *
 * @param name of the column
 * @param value of a cell
 */
public record CellColumn(String name, Value value) {

    /** Tells the number of one cell. */
    @FunctionalInterface
    public interface Value {
        double of(CellRun run, int row);
    }
}
