package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Where the authors start: a model of the bag means, γ = 0.
 *
 * @param muZ mean of β (P × Q)
 * @param sdZ its standard deviation (P × Q)
 * @param varZ σ_β² (P)
 * @param alpha α (K × P)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReferenceStart(double[] muZ, double[] sdZ, double[] varZ, double[] alpha) {
    private static final double PRIOR_VARIANCE_GAMMA = 0.5;
    private static final double START_VARIANCE_GAMMA = 0.1;

    /** Of the full posterior: the noise on W, and exp(d), which stays. */
    private static final double JITTER = 1e-4;

    /** The start that goes with a likelihood. */
    public static ReferenceStart of(ReferenceLikelihood likelihood, List<ReferenceBag> bags) {
        if (bags.isEmpty()) {
            throw new IllegalArgumentException("start: expected at least one bag");
        }
        ReferenceBag first = bags.get(0);
        for (ReferenceBag bag : bags) {
            bag.requireShape(first.width(), first.fixedEffects().length);
        }
        return likelihood.start(bags);
    }

    /** The means of the cells of each bag (N × Q). */
    static double[][] bagMeans(List<ReferenceBag> bags) {
        double[][] means = new double[bags.size()][];
        for (int n = 0; n < means.length; n++) {
            ReferenceBag bag = bags.get(n);
            means[n] = new double[bag.width()];
            for (int i = 0; i < bag.count(); i++) {
                Triangular.axpy(1.0 / bag.count(), bag.cells(), i * bag.width(), means[n], 0, bag.width());
            }
        }
        return means;
    }

    static double[][] fixedEffects(List<ReferenceBag> bags) {
        return bags.stream().map(ReferenceBag::fixedEffects).toArray(double[][]::new);
    }

    /** The parameters training begins with; the random numbers serve the jitter of the full posterior. */
    public ReferenceParameters parameters(boolean meanField, Random random) {
        int outputs = varZ.length;
        int width = muZ.length / outputs;
        int rank = meanField ? 1 : 2 * width;
        double[] logSigmaU = new double[outputs];
        double[] logSigmaZ = new double[outputs];
        double[] mu = new double[outputs * 2 * width];
        double[] covFactor = new double[mu.length * rank];
        double[] covLogdiag = new double[mu.length];
        Arrays.fill(logSigmaU, Math.log(PRIOR_VARIANCE_GAMMA) / 2);
        for (int p = 0; p < outputs; p++) {
            logSigmaZ[p] = Math.log(varZ[p]) / 2;
            System.arraycopy(muZ, p * width, mu, (2 * p + 1) * width, width);
        }
        for (int i = 0; i < mu.length; i++) {
            int p = i / (2 * width);
            int k = i % (2 * width);
            double sd = k < width ? Math.sqrt(START_VARIANCE_GAMMA) : sdZ[p * width + k - width];
            covLogdiag[i] = meanField ? 2 * Math.log(sd) : Math.log(JITTER);
            for (int r = 0; r < rank && !meanField; r++) {
                covFactor[i * rank + r] = (r == k ? sd : 0) + JITTER * random.nextGaussian();
            }
        }
        return new ReferenceParameters(
                width,
                alpha.length / outputs,
                outputs,
                rank,
                alpha.clone(),
                logSigmaU,
                logSigmaZ,
                mu,
                covFactor,
                covLogdiag);
    }
}
