package io.gmil.model;

/**
 * A bag as the reference mode takes it: scaled cells in double precision, and one label per output.
 *
 * @param cells X (I × Q), row-major, scaled
 * @param count I ≥ 1
 * @param fixedEffects f (K)
 * @param labels y: P counts of a binomial, or one class index
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
public record ReferenceBag(double[] cells, int count, double[] fixedEffects, double[] labels) {
    public ReferenceBag {
        if (count < 1 || cells.length < count || cells.length % count != 0) {
            throw new IllegalArgumentException(
                    "bag: expected rows of equal width, at least 1, got " + cells.length + " values in " + count);
        }
        if (fixedEffects.length < 1 || labels.length < 1) {
            throw new IllegalArgumentException("bag: expected fixed effects and labels, at least 1 of each, got "
                    + fixedEffects.length + " and " + labels.length);
        }
    }

    /** The same bag with x' = (x − mean) / (sd √Q) in place of its raw cells. */
    public static ReferenceBag of(LabelledBag bag, FeatureScaler scaler) {
        int width = bag.cells().width();
        if (scaler.width() != width) {
            throw new IllegalArgumentException("scaler: expected width " + width + ", got " + scaler.width());
        }
        double[] mean = scaler.mean();
        double[] inverse = scaler.inverseScale();
        double[] scaled = new double[bag.cells().count() * width];
        int[] at = new int[1];
        bag.cells().forEachBlock((values, rows) -> {
            for (int i = 0; i < rows * width; i++) {
                scaled[at[0]++] = (values[i] - mean[i % width]) * inverse[i % width];
            }
        });
        return new ReferenceBag(scaled, bag.cells().count(), bag.fixedEffects(), new double[] {bag.y()});
    }

    /** Q. */
    public int width() {
        return cells.length / count;
    }

    void requireShape(int width, int effects) {
        if (width() != width || fixedEffects.length != effects) {
            throw new IllegalArgumentException("bag: expected cells of width " + width + " and " + effects
                    + " fixed effects, got " + width() + " and " + fixedEffects.length);
        }
    }
}
