package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;

/**
 * The authors' start for classes: fixed effects are regressed out of the bag means, which are standardised (sd √Q) and
 * enter a {@link ReferenceSoftmaxRegression}. Its penalty is chosen among 10 by the accuracy of 5 stratified folds, as
 * scikit-learn's {@code LogisticRegressionCV} does. Two classes make one output, of the second class.
 */
final class ReferenceCategoricalStart {
    private static final int FOLDS = 5;
    private static final int PENALTIES = 10;
    private static final int MAX_CLASS = 1000;
    private static final double SD_SHARE = 0.1;

    private final int[] labels;
    private final int classes;

    /** F⁺ (K × N). */
    private final RealMatrix inverse;

    /** F⁺ Xm, what fixed effects explain of the bag means (K × Q). */
    private final RealMatrix explained;

    /** Standardised residuals (N × Q). */
    private final double[][] features;

    private ReferenceCategoricalStart(List<ReferenceBag> bags) {
        this.labels =
                bags.stream().mapToInt(ReferenceCategoricalStart::classIndex).toArray();
        int[] bagsOfClass = new int[Arrays.stream(labels).max().orElse(0) + 1];
        for (int label : labels) {
            bagsOfClass[label]++;
        }
        this.classes = bagsOfClass.length;
        if (classes < 2 || Arrays.stream(bagsOfClass).anyMatch(count -> count == 0)) {
            throw new IllegalArgumentException("start: expected bags of every class, at least 2, got "
                    + Arrays.toString(bagsOfClass) + " bags of classes 0 to " + (classes - 1));
        }
        if (Arrays.stream(bagsOfClass).max().orElse(0) < FOLDS) {
            throw new IllegalArgumentException("start: expected at least " + FOLDS
                    + " bags of one class for its folds, got " + Arrays.toString(bagsOfClass));
        }
        RealMatrix fixedEffects = new Array2DRowRealMatrix(ReferenceStart.fixedEffects(bags));
        RealMatrix means = new Array2DRowRealMatrix(ReferenceStart.bagMeans(bags));
        this.inverse = new SingularValueDecomposition(fixedEffects).getSolver().getInverse();
        this.explained = inverse.multiply(means);
        this.features = means.subtract(fixedEffects.multiply(explained)).getData();
        standardise();
    }

    private static int classIndex(ReferenceBag bag) {
        double label = bag.labels()[0];
        if (bag.labels().length != 1 || label != Math.rint(label) || label < 0 || label > MAX_CLASS) {
            throw new IllegalArgumentException("label: expected one class index, got " + Arrays.toString(bag.labels()));
        }
        return (int) label;
    }

    static ReferenceStart of(List<ReferenceBag> bags) {
        return new ReferenceCategoricalStart(bags).start();
    }

    private void standardise() {
        int width = features[0].length;
        for (int q = 0; q < width; q++) {
            double mean = 0;
            for (double[] row : features) {
                mean += row[q] / features.length;
            }
            double variance = 0;
            for (double[] row : features) {
                row[q] -= mean;
                variance += row[q] * row[q] / features.length;
            }
            if (!(variance > 0)) {
                throw new IllegalArgumentException("start: expected bag means that differ, got none in feature " + q);
            }
            for (double[] row : features) {
                row[q] /= Math.sqrt(variance * width);
            }
        }
    }

    /** C = 10⁻⁴ … 10⁴, equidistant on the log scale. */
    private static double inversePenalty(int index) {
        return Math.pow(10, -4 + 8.0 * index / (PENALTIES - 1));
    }

    /** Coefficients (classes × (Q + 1)) at the C with the best mean accuracy, the smallest of equals. */
    private double[] regression() {
        double[] accuracy = new double[PENALTIES];
        int[] folds = ReferenceStratifiedFolds.assign(labels, classes, FOLDS);
        for (int fold = 0; fold < FOLDS; fold++) {
            addAccuracies(folds, fold, accuracy);
        }
        int best = 0;
        for (int i = 1; i < PENALTIES; i++) {
            if (accuracy[i] > accuracy[best] + 1e-12) {
                best = i;
            }
        }
        return ReferenceSoftmaxRegression.fit(features, labels, classes, inversePenalty(best), origin());
    }

    private double[] origin() {
        return new double[classes * (features[0].length + 1)];
    }

    private void addAccuracies(int[] folds, int fold, double[] accuracy) {
        List<double[]> training = new ArrayList<>();
        List<Integer> trainingLabels = new ArrayList<>();
        for (int i = 0; i < folds.length; i++) {
            if (folds[i] != fold) {
                training.add(features[i]);
                trainingLabels.add(labels[i]);
            }
        }
        double[][] rows = training.toArray(double[][]::new);
        int[] rowLabels = trainingLabels.stream().mapToInt(Integer::intValue).toArray();
        double[] coefficients = origin();
        for (int c = 0; c < PENALTIES; c++) {
            coefficients = ReferenceSoftmaxRegression.fit(rows, rowLabels, classes, inversePenalty(c), coefficients);
            int hits = 0;
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] == fold
                        && ReferenceSoftmaxRegression.predict(coefficients, classes, features[i]) == labels[i]) {
                    hits++;
                }
            }
            accuracy[c] += (double) hits / (folds.length - rows.length);
        }
    }

    private ReferenceStart start() {
        double[] coefficients = regression();
        int width = features[0].length;
        int outputs = classes == 2 ? 1 : classes;
        double[] muZ = new double[outputs * width];
        double[] intercepts = new double[outputs];
        for (int p = 0; p < outputs; p++) {
            int row = (classes - outputs + p) * (width + 1);
            double[] beta = Arrays.copyOfRange(coefficients, row, row + width);
            double scale = effectSd(beta) / Math.sqrt(Triangular.dot(beta, 0, beta, 0, width) / width);
            Triangular.axpy(scale, beta, 0, muZ, p * width, width);
            intercepts[p] = coefficients[row + width];
        }
        double meanSquare = Triangular.dot(muZ, 0, muZ, 0, muZ.length) / muZ.length;
        double[] sdZ = new double[muZ.length];
        Arrays.fill(sdZ, Math.sqrt(SD_SHARE * meanSquare));
        double[] varZ = new double[outputs];
        for (int i = 0; i < muZ.length; i++) {
            varZ[i / width] += (muZ[i] * muZ[i] + SD_SHARE * meanSquare) / width;
        }
        return new ReferenceStart(muZ, sdZ, varZ, alpha(intercepts, muZ));
    }

    /** The sd of x·β over the bags; its mean is 0 since features are centred. */
    private double effectSd(double[] beta) {
        double squares = 0;
        for (double[] row : features) {
            double u = Triangular.dot(row, 0, beta, 0, beta.length);
            squares += u * u;
        }
        return Math.sqrt(squares / features.length);
    }

    /** α = (F⁺ 1) aᵀ − F⁺ Xm β. */
    private double[] alpha(double[] intercepts, double[] muZ) {
        int outputs = intercepts.length;
        int width = muZ.length / outputs;
        double[] alpha = new double[inverse.getRowDimension() * outputs];
        for (int i = 0; i < alpha.length; i++) {
            int k = i / outputs;
            int p = i % outputs;
            double ones = Arrays.stream(inverse.getRow(k)).sum();
            alpha[i] = ones * intercepts[p] - Triangular.dot(explained.getRow(k), 0, muZ, p * width, width);
        }
        return alpha;
    }
}
