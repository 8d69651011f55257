package io.gmil.stream.evaluate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Running figures of predictions made before their label was known. A bag with y successes in n trials counts as n
 * observations of its probability, y of them positive. Constant memory: the area under the ROC curve comes from counts
 * over bins of the logit, whose width bounds its error.
 */
public final class PrequentialFigures {

    private static final int FORMAT = 1;
    private static final int BINS = 2048;
    private static final double LOGIT_RANGE = 16;
    private static final int CALIBRATION_BINS = 10;
    private static final double LEAST_PROBABILITY = 1e-12;
    private static final int RING = 4;

    private final int window;
    private final double[] positives = new double[BINS];
    private final double[] negatives = new double[BINS];
    private final double[] calibrationTrials = new double[CALIBRATION_BINS];
    private final double[] calibrationSuccesses = new double[CALIBRATION_BINS];
    private final double[] calibrationProbability = new double[CALIBRATION_BINS];
    /** The last bags: probability, y, n, used. */
    private final double[] ring;

    private long scored;
    private double trials;
    private double logLoss;
    private double brier;

    /** @param window bags in the windowed figures */
    public PrequentialFigures(int window) {
        this.window = window;
        this.ring = new double[RING * window];
    }

    /** Counts one bag. */
    public void add(double probability, double y, int n) {
        int bin = bin(probability);
        positives[bin] += y;
        negatives[bin] += n - y;
        int tenth = Math.min(CALIBRATION_BINS - 1, (int) (probability * CALIBRATION_BINS));
        calibrationTrials[tenth] += n;
        calibrationSuccesses[tenth] += y;
        calibrationProbability[tenth] += n * probability;
        trials += n;
        logLoss += logLoss(probability, y, n);
        brier += brier(probability, y, n);
        int slot = RING * (int) (scored % window);
        ring[slot] = probability;
        ring[slot + 1] = y;
        ring[slot + 2] = n;
        ring[slot + 3] = 1;
        scored++;
    }

    public long scored() {
        return scored;
    }

    /** Area under the ROC curve; null while only one class was seen. */
    public Double auc() {
        return auc(positives, negatives);
    }

    /** Mean negative log likelihood of a trial. */
    public double logLoss() {
        return logLoss / trials;
    }

    public double brier() {
        return brier / trials;
    }

    /** Expected calibration error over ten equal-width bins. */
    public double calibrationError() {
        double error = 0;
        for (int i = 0; i < CALIBRATION_BINS; i++) {
            error += Math.abs(calibrationSuccesses[i] - calibrationProbability[i]);
        }
        return error / trials;
    }

    /** The figures of the last bags alone. */
    public PrequentialFigures lastWindow() {
        PrequentialFigures last = new PrequentialFigures(1);
        for (int slot = 0; slot < ring.length; slot += RING) {
            if (ring[slot + 3] > 0) {
                last.add(ring[slot], ring[slot + 1], (int) ring[slot + 2]);
            }
        }
        return last;
    }

    private static int bin(double probability) {
        double logit = Math.log(probability / (1 - probability));
        double position = (logit + LOGIT_RANGE) / (2 * LOGIT_RANGE) * BINS;
        return (int) Math.max(0, Math.min(BINS - 1, position));
    }

    private static Double auc(double[] positives, double[] negatives) {
        double below = 0;
        double concordant = 0;
        double allPositives = 0;
        for (int bin = 0; bin < BINS; bin++) {
            concordant += positives[bin] * (below + negatives[bin] / 2);
            below += negatives[bin];
            allPositives += positives[bin];
        }
        return below > 0 && allPositives > 0 ? concordant / (below * allPositives) : null;
    }

    private static double logLoss(double probability, double y, int n) {
        return -y * Math.log(Math.max(LEAST_PROBABILITY, probability))
                - (n - y) * Math.log(Math.max(LEAST_PROBABILITY, 1 - probability));
    }

    private static double brier(double probability, double y, int n) {
        return y * (1 - probability) * (1 - probability) + (n - y) * probability * probability;
    }

    /** Everything, in a numbered format. */
    public byte[] toBytes() {
        double[][] arrays = arrays();
        int length = 4 + 8 + 3 * Double.BYTES;
        for (double[] array : arrays) {
            length += Double.BYTES * array.length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(FORMAT)
                .putLong(scored)
                .putDouble(trials)
                .putDouble(logLoss)
                .putDouble(brier);
        for (double[] array : arrays) {
            for (double value : array) {
                bytes.putDouble(value);
            }
        }
        return bytes.array();
    }

    /** Restores what {@link #toBytes} wrote, with the same window. */
    public static PrequentialFigures fromBytes(byte[] stored, int window) {
        PrequentialFigures figures = new PrequentialFigures(window);
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        int format = bytes.getInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("prequential figures: expected format " + FORMAT + ", got " + format);
        }
        figures.scored = bytes.getLong();
        figures.trials = bytes.getDouble();
        figures.logLoss = bytes.getDouble();
        figures.brier = bytes.getDouble();
        for (double[] array : figures.arrays()) {
            for (int i = 0; i < array.length; i++) {
                array[i] = bytes.getDouble();
            }
        }
        return figures;
    }

    private double[][] arrays() {
        return new double[][] {
            positives, negatives, calibrationTrials, calibrationSuccesses, calibrationProbability, ring
        };
    }
}
