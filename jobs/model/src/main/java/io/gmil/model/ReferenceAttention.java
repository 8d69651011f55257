package io.gmil.model;

/**
 * Attention of one bag, for each of C columns of γ.
 *
 * @param logits X γ (I × C)
 * @param weights softmax over the cells (I × C)
 */
@SuppressWarnings("ArrayRecordComponent") // a result, never compared
public record ReferenceAttention(double[] logits, double[] weights) {
    /** @param gamma C × Q */
    static ReferenceAttention of(ReferenceBag bag, double[] gamma) {
        int columns = gamma.length / bag.width();
        JavaTile tile = new JavaTile(new double[bag.width()], bag.count());
        tile.append(bag.cells(), 0, bag.count());
        double[] projected = new double[bag.count() * columns];
        tile.project(gamma, columns, projected);
        double[] logits = new double[projected.length];
        double[] weights = new double[projected.length];
        double[] column = new double[bag.count()];
        for (int c = 0; c < columns; c++) {
            for (int i = 0; i < column.length; i++) {
                column[i] = projected[c * column.length + i];
                logits[i * columns + c] = column[i];
            }
            ReferenceCategorical.softmax(column, column);
            for (int i = 0; i < column.length; i++) {
                weights[i * columns + c] = column[i];
            }
        }
        return new ReferenceAttention(logits, weights);
    }
}
