package io.gmil.model;

import java.util.Arrays;
import java.util.List;

/**
 * The curvature that sites leave out. A site is Gauss–Newton: of −E[∇² log p(y|η)] it holds E[e₂ J Jᵀ] but not the term
 * with the second derivative of η, C = E[e₁ ∇²η], which softmax attention brings in. It cancels on average at the truth, but
 * not at a fit, so the covariance of the sites is too small. With the moments of a bag under its attention weights,
 *
 * <pre>
 * ∂²η/∂γ∂γᵀ = Σ w (t − u)(x − z)(x − z)ᵀ = Σ w (t − u) x xᵀ − g zᵀ − z gᵀ
 * ∂²η/∂γ∂βᵀ = Σ w (x − z)(x − z)ᵀ        = Σ w x xᵀ − z zᵀ
 * </pre>
 *
 * <p>and nothing else. One visit of all bags at the end of a fit; of O(I Q²) for each, so not for wide models.
 */
final class SecondOrder {
    private final ModelSpec spec;
    private final FoldedScaler folded;
    private final double[] mean;
    private final double[] inverse;
    private final int draws;

    /** γ' and β' of every draw (2S × Q). */
    private final double[] parameters;

    /** z and g of every draw (2S × Q). */
    private final double[] statistics;

    /** Σ e₁ ∂²η/∂γ∂γᵀ and Σ e₁ ∂²η/∂γ∂βᵀ over draws and bags (Q × Q), before scaling. */
    private final SiteSum gammaGamma;

    private final SiteSum gammaBeta;

    private final double[] score;
    private NativeTile tile;
    private double[] projected = new double[0];
    private double[] both = new double[0];
    private double[] centred = new double[0];

    private SecondOrder(ModelSpec spec, FeatureScaler scaler, int draws) {
        int width = spec.width();
        this.spec = spec;
        this.folded = new FoldedScaler(spec, scaler);
        this.mean = scaler.mean();
        this.inverse = scaler.inverseScale();
        this.draws = draws;
        this.parameters = new double[2 * draws * width];
        this.statistics = new double[2 * draws * width];
        this.gammaGamma = new SiteSum(width, new EjmlAlgebra());
        this.gammaBeta = new SiteSum(width, new EjmlAlgebra());
        this.score = new double[draws];
    }

    /**
     * C, symmetric (D × D).
     *
     * @param theta draws of θ (S × D)
     */
    static double[] curvature(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler, double[] theta, int draws) {
        SecondOrder sum = new SecondOrder(spec, scaler, draws);
        sum.fold(theta);
        for (LabelledBag bag : bags) {
            sum.add(bag, theta);
        }
        return sum.scaled();
    }

    private void fold(double[] theta) {
        int d = spec.dimension();
        int width = spec.width();
        for (int s = 0; s < draws; s++) {
            folded.fold(theta, s * d + spec.gamma(), parameters, s * width);
            folded.fold(theta, s * d + spec.beta(), parameters, (s + draws) * width);
        }
    }

    private void add(LabelledBag bag, double[] theta) {
        int cells = bag.cells().count();
        load(bag.cells());
        tile.project(parameters, 2 * draws, projected);
        Arrays.fill(both, 0, cells, 0);
        Arrays.fill(centred, 0, cells, 0);
        for (int s = 0; s < draws; s++) {
            weigh(bag, theta, s, cells);
        }
        Arrays.fill(statistics, 0);
        tile.accumulate(projected, 2 * draws, 0, cells, statistics);
        addBag(cells);
    }

    /** The cells less the mean of all. */
    private void load(Cells cells) {
        int width = spec.width();
        if (tile == null || tile.capacity() < cells.count()) {
            tile = new NativeTile(width, 2 * draws, cells.count());
            projected = new double[cells.count() * 2 * draws];
            both = new double[cells.count()];
            centred = new double[cells.count()];
        }
        tile.clear();
        cells.forEachBlock((values, rows) -> tile.append(values, 0, rows));
        double[] x = tile.values();
        for (int i = 0; i < cells.count(); i++) {
            for (int q = 0; q < width; q++) {
                x[i * width + q] -= mean[q];
            }
        }
    }

    /** Turns the projections of a draw into w and w (t − u), and adds them, times e₁, over the draws. */
    private void weigh(LabelledBag bag, double[] theta, int s, int cells) {
        int columns = 2 * draws;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < cells; i++) {
            largest = Math.max(largest, projected[i * columns + s]);
        }
        double total = 0;
        double effect = 0;
        for (int i = 0; i < cells; i++) {
            int at = i * columns + s;
            projected[at] = Math.exp(projected[at] - largest);
            total += projected[at];
            effect += projected[at] * projected[at + draws];
        }
        double u = effect / total;
        double fixed = Triangular.dot(theta, s * spec.dimension(), bag.fixedEffects(), 0, spec.fixedEffects());
        score[s] = bag.y() - bag.trials() * LogisticGaussian.sigmoid(fixed + u);
        for (int i = 0; i < cells; i++) {
            int at = i * columns + s;
            double weight = projected[at] / total;
            double weightedT = weight * (projected[at + draws] - u);
            projected[at] = weight;
            projected[at + draws] = weightedT;
            both[i] += score[s] * weight;
            centred[i] += score[s] * weightedT;
        }
    }

    private void addBag(int cells) {
        int width = spec.width();
        double[] x = tile.values();
        for (int i = 0; i < cells; i++) {
            gammaBeta.add(x, i * width, both[i]);
            gammaGamma.add(x, i * width, centred[i]);
        }
        double[] sum = new double[width];
        for (int s = 0; s < draws; s++) {
            int z = s * width;
            int g = (s + draws) * width;
            for (int q = 0; q < width; q++) {
                sum[q] = statistics[z + q] + statistics[g + q];
            }
            gammaBeta.add(statistics, z, -score[s]);
            // −g zᵀ − z gᵀ = −(g + z)(g + z)ᵀ + g gᵀ + z zᵀ
            gammaGamma.add(sum, 0, -score[s]);
            gammaGamma.add(statistics, g, score[s]);
            gammaGamma.add(statistics, z, score[s]);
        }
    }

    private double[] scaled() {
        int d = spec.dimension();
        int width = spec.width();
        double[] gg = gammaGamma.precision();
        double[] gb = gammaBeta.precision();
        double[] c = new double[d * d];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double scale = inverse[i] * inverse[j] / draws;
                put(c, spec.gamma() + i, spec.gamma() + j, scale * gg[i * width + j]);
                put(c, spec.gamma() + i, spec.beta() + j, scale * gb[i * width + j]);
                put(c, spec.gamma() + j, spec.beta() + i, scale * gb[i * width + j]);
            }
        }
        return c;
    }

    private void put(double[] c, int row, int column, double value) {
        c[row * spec.dimension() + column] = value;
        c[column * spec.dimension() + row] = value;
    }
}
