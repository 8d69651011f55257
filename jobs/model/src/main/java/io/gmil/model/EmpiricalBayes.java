package io.gmil.model;

/**
 * Damped EM on the prior variances under an inverse-gamma hyperprior:
 * target = (ν σ₀² + Σ (m_q² + S_qq)) / (ν + Q), σ² ← σ² (target / σ²)^rate; on σ² of a Normal outcome likewise, with the
 * sum over bags of E[(y − η)²].
 */
final class EmpiricalBayes {
    /** ν of the hyperprior of σ², centred on 1, the variance of standardised labels: data speak for themselves. */
    static final double NOISE_STRENGTH = 1;

    private static final double RATE = 0.3;
    private static final int INTERCEPTS = 1;
    private static final int GAMMA = 2;
    private static final int BETA = 3;

    private final ModelSpec.Prior prior;
    private final int[] blocks;
    private final double[] mean;
    private final double[] traces;

    /**
     * @param mean m (D)
     * @param traces of S, see {@link WholeFactor#traces()}
     */
    EmpiricalBayes(ModelSpec spec, double[] mean, double[] traces) {
        this.prior = spec.prior();
        this.blocks = spec.blocks();
        this.mean = mean;
        this.traces = traces;
    }

    /** The variances of γ (if attention is learnt), of β and of random intercepts (if there are any) moved on. */
    Variances effects(Variances now, boolean attention) {
        boolean random = prior.effects() == ModelSpec.Effects.RANDOM;
        boolean intercepts = blocks[INTERCEPTS + 1] > blocks[INTERCEPTS];
        return new Variances(
                random && attention ? moved(now.gamma(), prior.sigma2Gamma(), GAMMA) : now.gamma(),
                random ? moved(now.beta(), prior.sigma2Beta(), BETA) : now.beta(),
                intercepts ? moved(now.intercept(), prior.sigma2Intercept(), INTERCEPTS) : now.intercept(),
                now.noise());
    }

    private double moved(double current, double centre, int block) {
        int count = blocks[block + 1] - blocks[block];
        double squares = Triangular.dot(mean, blocks[block], mean, blocks[block], count) + traces[block];
        return moved(current, prior.hyperStrength(), centre, squares, count);
    }

    /** σ² moved on, of {@code count} bags. */
    static Variances noise(Variances now, double residual, int count) {
        return new Variances(
                now.gamma(), now.beta(), now.intercept(), moved(now.noise(), NOISE_STRENGTH, 1, residual, count));
    }

    private static double moved(double current, double strength, double centre, double squares, int count) {
        double target = (strength * centre + squares) / (strength + count);
        return current * Math.pow(target / current, RATE);
    }
}
