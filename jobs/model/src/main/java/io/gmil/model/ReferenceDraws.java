package io.gmil.model;

/**
 * Reparametrised draws of (γ, β), one column c = p·S + s per output and draw.
 *
 * <pre>
 * (γ, β) = μ + W ε_W + exp(d/2) ε_D,   b = √(mean_q β_q²),   η = β / b
 * </pre>
 */
final class ReferenceDraws {
    private final ReferenceParameters parameters;
    private final ReferenceNoise noise;

    /** γ (P·S × Q). */
    final double[] gamma;

    /** η (P·S × Q). */
    final double[] eta;

    /** b (P·S). */
    final double[] b;

    ReferenceDraws(ReferenceParameters parameters, ReferenceNoise noise) {
        this.parameters = parameters;
        this.noise = noise;
        this.b = new double[parameters.outputs() * noise.samples()];
        this.gamma = new double[b.length * parameters.width()];
        this.eta = new double[gamma.length];
        for (int c = 0; c < b.length; c++) {
            draw(c);
        }
    }

    /** P·S. */
    int columns() {
        return b.length;
    }

    private void draw(int c) {
        int width = parameters.width();
        int output = c / noise.samples();
        for (int q = 0; q < width; q++) {
            double beta = component(c, output, width + q);
            gamma[c * width + q] = component(c, output, q);
            eta[c * width + q] = beta;
            b[c] += beta * beta / width;
        }
        b[c] = Math.sqrt(b[c]);
        for (int q = 0; q < width && b[c] > 0; q++) {
            eta[c * width + q] /= b[c];
        }
    }

    private double component(int c, int output, int k) {
        int at = output * 2 * parameters.width() + k;
        int rank = parameters.rank();
        return parameters.mu()[at]
                + Triangular.dot(parameters.covFactor(), at * rank, noise.factor(), noiseRow(c) * rank, rank)
                + Math.exp(parameters.covLogdiag()[at] / 2) * diagonalNoise(c, k);
    }

    /** s·P + p. */
    private int noiseRow(int c) {
        return c % noise.samples() * parameters.outputs() + c / noise.samples();
    }

    private double diagonalNoise(int c, int k) {
        return noise.diagonal()[noiseRow(c) * 2 * parameters.width() + k];
    }

    /**
     * Adds the gradient with respect to μ, W and d, given that with respect to γ, η and b. Through b and η,
     * ∂/∂β = (∂/∂η) / b + (∂/∂b − (∂/∂η · η) / b) η / Q.
     */
    void backward(double[] byGamma, double[] byEta, double[] byB, ReferenceParameters gradient) {
        int width = parameters.width();
        for (int c = 0; c < b.length; c++) {
            int output = c / noise.samples();
            int at = c * width;
            double radial = (byB[c] - Triangular.dot(byEta, at, eta, at, width) / b[c]) / width;
            for (int q = 0; q < width; q++) {
                addComponent(c, output, q, byGamma[at + q], gradient);
                addComponent(c, output, width + q, byEta[at + q] / b[c] + radial * eta[at + q], gradient);
            }
        }
    }

    private void addComponent(int c, int output, int k, double byComponent, ReferenceParameters gradient) {
        int at = output * 2 * parameters.width() + k;
        int rank = parameters.rank();
        gradient.mu()[at] += byComponent;
        Triangular.axpy(byComponent, noise.factor(), noiseRow(c) * rank, gradient.covFactor(), at * rank, rank);
        gradient.covLogdiag()[at] +=
                byComponent * diagonalNoise(c, k) * Math.exp(parameters.covLogdiag()[at] / 2) / 2;
    }
}
