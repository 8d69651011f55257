package io.gmil.model;

import java.util.List;

/**
 * The data term of one batch: forward pass at given noise, and its exact gradient.
 *
 * <pre>
 * r_n = Σ_i w_i (x_i·η),  w = softmax_i(x_i·γ)     bag effect, not normalised
 * u_n = b (r_n − mean) / sd                         over the N bags of the batch
 * l_n = f_n·α + u_n,   ll = mean over n and s of log p(y_n | l_ns)
 * </pre>
 */
final class ReferenceLogLikelihood {
    private final ReferenceLikelihood likelihood;
    private final ReferenceParameters parameters;
    private final List<ReferenceBag> batch;
    private final int samples;
    private final ReferenceDraws draws;

    /** K + 2Q. */
    private final int dimension;

    /** (f, g, z) with g = ∂r/∂γ and z = ∂r/∂η, for each bag and column (N × P·S × D). */
    private final double[] jacobians;

    /** r (P·S × N). */
    final double[] raw;

    final ReferenceStandardisation standardised;

    /** l (P·S × N). */
    final double[] logits;

    /** ∂ll/∂l (P·S × N). */
    private final double[] scores;

    /** ll. */
    final double value;

    ReferenceLogLikelihood(
            ReferenceLikelihood likelihood,
            ReferenceParameters parameters,
            List<ReferenceBag> batch,
            ReferenceNoise noise) {
        this.likelihood = likelihood;
        this.parameters = parameters;
        this.batch = batch;
        this.samples = noise.samples();
        this.draws = new ReferenceDraws(parameters, noise);
        this.dimension = parameters.fixedEffects() + 2 * parameters.width();
        this.raw = new double[draws.columns() * batch.size()];
        this.jacobians = new double[raw.length * dimension];
        sweep();
        this.standardised = new ReferenceStandardisation(raw, draws.columns());
        this.logits = logits();
        this.scores = new double[raw.length];
        this.value = score();
    }

    ReferenceDraws draws() {
        return draws;
    }

    private void sweep() {
        int columns = draws.columns();
        ReferenceSweep sweep = new ReferenceSweep(parameters.width(), parameters.fixedEffects(), columns);
        sweep.run(batch, draws.gamma, draws.eta, (n, sums) -> {
            double[] fixedEffects = batch.get(n).fixedEffects();
            for (int c = 0; c < columns; c++) {
                raw[c * batch.size() + n] = sums.u(c);
                sums.jacobian(sweep.spec(), c, fixedEffects, true, jacobians, (n * columns + c) * dimension);
            }
        });
    }

    /** u (P·S × N). */
    double[] effects() {
        double[] effects = standardised.scores.clone();
        for (int i = 0; i < effects.length; i++) {
            effects[i] *= draws.b[i / batch.size()];
        }
        return effects;
    }

    private double[] logits() {
        double[] sum = effects();
        int outputs = parameters.outputs();
        for (int i = 0; i < sum.length; i++) {
            double[] f = batch.get(i % batch.size()).fixedEffects();
            int output = i / batch.size() / samples;
            for (int k = 0; k < f.length; k++) {
                sum[i] += f[k] * parameters.alpha()[k * outputs + output];
            }
        }
        return sum;
    }

    private double score() {
        int size = batch.size();
        double[] bagLogits = new double[parameters.outputs()];
        double[] bagScores = new double[parameters.outputs()];
        double sum = 0;
        for (int n = 0; n < size; n++) {
            for (int s = 0; s < samples; s++) {
                for (int p = 0; p < bagLogits.length; p++) {
                    bagLogits[p] = logits[(p * samples + s) * size + n];
                }
                sum += likelihood.logProbability(bagLogits, batch.get(n).labels(), bagScores);
                for (int p = 0; p < bagLogits.length; p++) {
                    scores[(p * samples + s) * size + n] = bagScores[p] / (size * samples);
                }
            }
        }
        return sum / (size * samples);
    }

    /** The gradient of −ll. */
    ReferenceParameters negativeGradient() {
        ReferenceParameters gradient = parameters.zeros();
        int size = batch.size();
        int width = parameters.width();
        double[] byRaw = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            byRaw[i] = -scores[i];
            addFixedEffects(batch.get(i % size).fixedEffects(), i / size / samples, byRaw[i], gradient);
        }
        double[] byB = standardised.backward(byRaw, draws.b);
        double[] byGamma = new double[draws.columns() * width];
        double[] byEta = new double[byGamma.length];
        for (int i = 0; i < byRaw.length; i++) {
            int c = i / size;
            int at = (i % size * draws.columns() + c) * dimension + parameters.fixedEffects();
            Triangular.axpy(byRaw[i], jacobians, at, byGamma, c * width, width);
            Triangular.axpy(byRaw[i], jacobians, at + width, byEta, c * width, width);
        }
        draws.backward(byGamma, byEta, byB, gradient);
        return gradient;
    }

    private void addFixedEffects(double[] f, int output, double byLogit, ReferenceParameters gradient) {
        for (int k = 0; k < f.length; k++) {
            gradient.alpha()[k * parameters.outputs() + output] += f[k] * byLogit;
        }
    }
}
