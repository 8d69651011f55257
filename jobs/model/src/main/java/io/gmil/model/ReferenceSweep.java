package io.gmil.model;

import java.util.List;

/**
 * The bag effects Σ_i w_i (x_i·η), w = softmax(X γ), of many bags at many (γ, η), with the sums and tiles of the engine
 * but cells in double precision.
 */
final class ReferenceSweep {
    private final JavaTile tile;
    private final SoftmaxSums sums;
    private final double[] projected;
    private final ModelSpec spec;
    private final int columns;

    ReferenceSweep(int width, int fixedEffects, int columns) {
        this.spec = ModelSpec.binomial(1, width, fixedEffects);
        this.columns = columns;
        this.tile = EjmlAlgebra.javaTile(new double[width], 2 * columns);
        this.sums = new SoftmaxSums(width, new FoldedScaler(width, FeatureScaler.identity(width)), columns);
        this.projected = new double[tile.capacity() * 2 * columns];
    }

    /**
     * Hands the sums of each bag to the sink, in order.
     *
     * @param gamma γ (columns × Q)
     * @param eta η (columns × Q)
     */
    void run(List<ReferenceBag> bags, double[] gamma, double[] eta, CellSweep.BagSink sink) {
        double[] parameters = new double[2 * gamma.length];
        System.arraycopy(gamma, 0, parameters, 0, gamma.length);
        System.arraycopy(eta, 0, parameters, gamma.length, eta.length);
        for (int n = 0; n < bags.size(); n++) {
            absorb(bags.get(n), parameters);
            sink.bag(n, sums);
        }
    }

    /** Q and K. */
    ModelSpec spec() {
        return spec;
    }

    private void absorb(ReferenceBag bag, double[] parameters) {
        bag.requireShape(spec.width(), spec.fixedEffects());
        sums.reset(columns);
        for (int from = 0; from < bag.count(); from += tile.capacity()) {
            int rows = Math.min(tile.capacity(), bag.count() - from);
            tile.clear();
            tile.append(bag.cells(), from, rows);
            tile.project(parameters, 2 * columns, projected);
            sums.absorb(tile, projected, 0, rows);
        }
    }
}
