package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The graph of {@link GatedAttention} in ND4J's SameDiff, in single precision.
 *
 * <p>Bags of a minibatch are stacked, not padded: logits e of all cells (M × 1) become a row, to which a mask (B × M) adds
 * −10⁹ wherever a cell is not the bag's own; the softmax of its rows times the cells (M × Q) pools all B bags at once.
 */
final class GatedAttentionGraph {
    private static final String[] FEATURES = {"cells", "mask", "fixedEffects"};
    private static final String[] LABELS = {"successes", "trials"};
    private static final float OUTSIDE = -1e9f;

    private final SameDiff graph = SameDiff.create();
    private final int width;
    private final int fixedEffects;

    GatedAttentionGraph(GatedAttentionWeights initial, double learningRate, double weightDecay) {
        this.width = initial.beta().length;
        this.fixedEffects = initial.alpha().length;
        graph.setLossVariables(loss(eta(initial)).name());
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new Adam(learningRate))
                .l2(weightDecay)
                .dataSetFeatureMapping(FEATURES)
                .dataSetLabelMapping(LABELS)
                .build());
    }

    /** η of the bags (B × 1). */
    private SDVariable eta(GatedAttentionWeights initial) {
        SDVariable x = graph.placeHolder("cells", DataType.FLOAT, -1, width);
        SDVariable mask = graph.placeHolder("mask", DataType.FLOAT, -1, -1);
        SDVariable f = graph.placeHolder("fixedEffects", DataType.FLOAT, -1, fixedEffects);
        int hidden = initial.hidden();
        SDVariable v = variable("V", columns(initial.gates(), width, 0, hidden));
        SDVariable u = variable("U", columns(initial.gates(), width, hidden, hidden));
        SDVariable vOffset = variable("v", columns(initial.gateOffsets(), 1, 0, hidden));
        SDVariable uOffset = variable("u", columns(initial.gateOffsets(), 1, hidden, hidden));
        SDVariable w = variable("w", column(initial.attention()));
        SDVariable gated = graph.math()
                .tanh(x.mmul(v).add(vOffset))
                .mul(graph.nn().sigmoid(x.mmul(u).add(uOffset)));
        SDVariable attention = graph.nn().softmax(mask.add(graph.transpose(gated.mmul(w))), 1);
        SDVariable pooled = attention.mmul(x);
        return pooled.mmul(variable("beta", column(initial.beta())))
                .add("eta", f.mmul(variable("alpha", column(initial.alpha()))));
    }

    /** Mean of n log(1 + e^η) − y η, in the form that does not overflow. */
    private SDVariable loss(SDVariable eta) {
        SDVariable y = graph.placeHolder("successes", DataType.FLOAT, -1, 1);
        SDVariable n = graph.placeHolder("trials", DataType.FLOAT, -1, 1);
        SDVariable magnitude = graph.math().abs(eta);
        SDVariable positive = eta.add(magnitude).mul(0.5);
        SDVariable softplus =
                graph.math().log1p(graph.math().exp(magnitude.neg())).add(positive);
        return softplus.mul(n).sub(eta.mul(y)).mean("loss");
    }

    private SDVariable variable(String name, INDArray initial) {
        return graph.var(name, initial);
    }

    /** One step of Adam on a minibatch. */
    void step(List<LabelledBag> bags, FeatureScaler scaler) {
        graph.fit(new MultiDataSet(
                new INDArray[] {stacked(bags, scaler), mask(bags), fixedEffects(bags)},
                new INDArray[] {successes(bags), trials(bags)}));
    }

    /** η of the bags of a minibatch. */
    double[] eta(List<LabelledBag> bags, FeatureScaler scaler) {
        Map<String, INDArray> input =
                Map.of("cells", stacked(bags, scaler), "mask", mask(bags), "fixedEffects", fixedEffects(bags));
        return graph.output(input, "eta").get("eta").toDoubleVector();
    }

    /** A copy of the parameters. */
    GatedAttentionWeights weights() {
        return new GatedAttentionWeights(
                flat(Nd4j.hstack(array("V"), array("U"))),
                flat(Nd4j.hstack(array("v"), array("u"))),
                flat(array("w")),
                flat(array("beta")),
                flat(array("alpha")));
    }

    private INDArray array(String name) {
        return graph.getVariable(name).getArr();
    }

    private static double[] flat(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    private static INDArray columns(double[] matrix, int rows, int from, int count) {
        return Nd4j.create(matrix, new long[] {rows, matrix.length / rows}, DataType.FLOAT)
                .get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + count))
                .dup('c');
    }

    private static INDArray column(double[] values) {
        return Nd4j.create(values, new long[] {values.length, 1}, DataType.FLOAT);
    }

    private static int cells(List<LabelledBag> bags) {
        return bags.stream().mapToInt(bag -> bag.cells().count()).sum();
    }

    private INDArray stacked(List<LabelledBag> bags, FeatureScaler scaler) {
        float[] stacked = new float[Math.multiplyExact(cells(bags), width)];
        Standardising copy = new Standardising(stacked, scaler.mean(), scaler.sd());
        bags.forEach(bag -> bag.cells().forEachBlock(copy));
        return Nd4j.create(stacked, new long[] {cells(bags), width}, 'c');
    }

    private static INDArray mask(List<LabelledBag> bags) {
        int cells = cells(bags);
        float[] mask = new float[Math.multiplyExact(bags.size(), cells)];
        Arrays.fill(mask, OUTSIDE);
        int first = 0;
        for (int b = 0; b < bags.size(); b++) {
            int count = bags.get(b).cells().count();
            Arrays.fill(mask, b * cells + first, b * cells + first + count, 0);
            first += count;
        }
        return Nd4j.create(mask, new long[] {bags.size(), cells}, 'c');
    }

    private INDArray fixedEffects(List<LabelledBag> bags) {
        double[] all = bags.stream()
                .flatMapToDouble(bag -> Arrays.stream(bag.fixedEffects()))
                .toArray();
        return Nd4j.create(all, new long[] {bags.size(), fixedEffects}, DataType.FLOAT);
    }

    private static INDArray successes(List<LabelledBag> bags) {
        return column(bags.stream().mapToDouble(LabelledBag::y).toArray());
    }

    private static INDArray trials(List<LabelledBag> bags) {
        return column(bags.stream().mapToDouble(LabelledBag::trials).toArray());
    }

    /** Appends blocks of standardised cells to an array. */
    private static final class Standardising implements Cells.BlockVisitor {
        private final float[] target;
        private final double[] mean;
        private final double[] sd;
        private int at;

        Standardising(float[] target, double[] mean, double[] sd) {
            this.target = target;
            this.mean = mean;
            this.sd = sd;
        }

        @Override
        public void block(float[] values, int rows) {
            for (int i = 0; i < rows * mean.length; i++) {
                int q = i % mean.length;
                target[at++] = (float) ((values[i] - mean[q]) / sd[q]);
            }
        }
    }
}
