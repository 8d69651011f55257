package io.gmil.model;

/** How well probabilities are calibrated, by logistic recalibration (Cox 1958): logit P(y) = a + b logit(p). */
public final class Calibration {
    private static final double SMALLEST = 1e-12;
    private static final int MOST_STEPS = 100;
    private static final double CONVERGED = 1e-10;
    private static final double LARGEST_SLOPE = 1e6;

    private Calibration() {}

    /**
     * The slope b by maximum likelihood: 1 is calibrated, less is overconfident, more is timid. NaN where there is none:
     * probabilities all alike, one outcome only, or outcomes that logit(p) separates.
     *
     * @param probabilities p
     * @param successes y of each
     * @param trials n of each
     */
    public static double slope(double[] probabilities, double[] successes, double[] trials) {
        if (probabilities.length != successes.length || probabilities.length != trials.length) {
            throw new IllegalArgumentException("calibration: expected equal lengths, got " + probabilities.length + ", "
                    + successes.length + " and " + trials.length);
        }
        double[] logits = new double[probabilities.length];
        for (int i = 0; i < logits.length; i++) {
            double p = Math.min(Math.max(probabilities[i], SMALLEST), 1 - SMALLEST);
            logits[i] = Math.log(p) - Math.log1p(-p);
        }
        return newton(logits, successes, trials);
    }

    /** Newton's method from (0, 0), steps halved until the likelihood, which is concave, does not fall. */
    private static double newton(double[] x, double[] y, double[] n) {
        double a = 0;
        double b = 0;
        double likelihood = likelihood(x, y, n, a, b);
        for (int step = 0; step < MOST_STEPS; step++) {
            double ga = 0;
            double gb = 0;
            double haa = 0;
            double hab = 0;
            double hbb = 0;
            for (int i = 0; i < x.length; i++) {
                double p = LogisticGaussian.sigmoid(a + b * x[i]);
                double residual = y[i] - n[i] * p;
                double curvature = n[i] * p * (1 - p);
                ga += residual;
                gb += residual * x[i];
                haa += curvature;
                hab += curvature * x[i];
                hbb += curvature * x[i] * x[i];
            }
            double determinant = haa * hbb - hab * hab;
            if (!(determinant > 1e-12 * haa * hbb) || Math.abs(b) > LARGEST_SLOPE) {
                return Double.NaN;
            }
            double da = (hbb * ga - hab * gb) / determinant;
            double db = (haa * gb - hab * ga) / determinant;
            if (ga * da + gb * db < CONVERGED) {
                return b + db;
            }
            double next = likelihood(x, y, n, a + da, b + db);
            while (next < likelihood && Math.abs(da) + Math.abs(db) > CONVERGED) {
                da /= 2;
                db /= 2;
                next = likelihood(x, y, n, a + da, b + db);
            }
            a += da;
            b += db;
            likelihood = next;
            // Beyond this nothing is left to fit: the outcomes are separated and b grows for ever.
            if (likelihood > -1e-8) {
                return Double.NaN;
            }
        }
        return Double.NaN;
    }

    private static double likelihood(double[] x, double[] y, double[] n, double a, double b) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double eta = a + b * x[i];
            sum += y[i] * eta - n[i] * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))));
        }
        return sum;
    }
}
