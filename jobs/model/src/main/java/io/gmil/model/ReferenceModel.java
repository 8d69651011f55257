package io.gmil.model;

import java.util.List;

/**
 * Predictions of the authors' model at its posterior mean: u = b (r − mean) / sd, r = Σ_i w_i (x_i·η) as in
 * {@link ReferenceLogLikelihood}. Mean and sd of r are those of the training bags, so a prediction does not depend on the
 * bags it is made with; {@link #batchEffects} is what the authors' own {@code predict} returns.
 *
 * @param mean of r (P)
 * @param sd of r (P)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ReferenceModel(ReferenceParameters parameters, double[] mean, double[] sd) {
    public ReferenceModel {
        if (mean.length != parameters.outputs() || sd.length != parameters.outputs()) {
            throw new IllegalArgumentException("scale: expected a mean and an sd of " + parameters.outputs()
                    + " outputs, got " + mean.length + " and " + sd.length);
        }
    }

    /** Takes mean and sd from these bags. */
    public static ReferenceModel of(ReferenceParameters parameters, List<ReferenceBag> training) {
        ReferenceDraws draws = meanDraws(parameters);
        ReferenceStandardisation scale =
                new ReferenceStandardisation(raw(parameters, draws, training), parameters.outputs());
        return new ReferenceModel(parameters, scale.mean, scale.sd);
    }

    private static ReferenceDraws meanDraws(ReferenceParameters parameters) {
        return new ReferenceDraws(parameters, ReferenceNoise.none(parameters));
    }

    /** r (P × N). */
    private static double[] raw(ReferenceParameters parameters, ReferenceDraws draws, List<ReferenceBag> bags) {
        int outputs = parameters.outputs();
        double[] raw = new double[outputs * bags.size()];
        ReferenceSweep sweep = new ReferenceSweep(parameters.width(), parameters.fixedEffects(), outputs);
        sweep.run(bags, draws.gamma, draws.eta, (n, sums) -> {
            for (int p = 0; p < outputs; p++) {
                raw[p * bags.size() + n] = sums.u(p);
            }
        });
        return raw;
    }

    /** u (N × P) on the scale of the training bags, without fixed effects. */
    public double[] effects(List<ReferenceBag> bags) {
        return effects(bags, mean, sd);
    }

    /** u (N × P) standardised over the given bags themselves, without fixed effects. */
    public double[] batchEffects(List<ReferenceBag> bags) {
        ReferenceModel own = of(parameters, bags);
        return effects(bags, own.mean, own.sd);
    }

    private double[] effects(List<ReferenceBag> bags, double[] centre, double[] scale) {
        int outputs = parameters.outputs();
        ReferenceDraws draws = meanDraws(parameters);
        double[] raw = raw(parameters, draws, bags);
        double[] effects = new double[raw.length];
        for (int i = 0; i < effects.length; i++) {
            int p = i % outputs;
            effects[i] = draws.b[p] * (raw[p * bags.size() + i / outputs] - centre[p]) / scale[p];
        }
        return effects;
    }

    /** f·α + u (N × P), u on the scale of the training bags. */
    public double[] logits(List<ReferenceBag> bags) {
        double[] logits = effects(bags);
        int outputs = parameters.outputs();
        for (int i = 0; i < logits.length; i++) {
            double[] f = bags.get(i / outputs).fixedEffects();
            for (int k = 0; k < f.length; k++) {
                logits[i] += f[k] * parameters.alpha()[k * outputs + i % outputs];
            }
        }
        return logits;
    }

    /** Attention of the cells of one bag, one column per output. */
    public ReferenceAttention attention(ReferenceBag bag) {
        int width = parameters.width();
        double[] gamma = new double[parameters.outputs() * width];
        for (int p = 0; p < parameters.outputs(); p++) {
            System.arraycopy(parameters.mu(), p * 2 * width, gamma, p * width, width);
        }
        return ReferenceAttention.of(bag, gamma);
    }
}
