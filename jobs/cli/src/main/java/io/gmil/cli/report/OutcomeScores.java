package io.gmil.cli.report;

import io.gmil.cohort.SampleLabel;
import io.gmil.model.BagPrediction;
import io.gmil.model.Binomial;
import io.gmil.model.Categorical;
import io.gmil.model.ClassScores;
import io.gmil.model.LabelScale;
import io.gmil.model.Likelihood;
import io.gmil.model.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Predictions of one outcome beside what is known. */
public final class OutcomeScores {

    /** Attention is judged by how well it retrieves this share of the cells. */
    private static final double TOP_SHARE = 0.1;

    private final Likelihood likelihood;
    private final LabelScale scale;
    private final List<SampleLabel> labels = new ArrayList<>();
    private final List<double[]> means = new ArrayList<>();
    private final List<double[]> effects = new ArrayList<>();
    private final List<float[]> knownWeights = new ArrayList<>();
    private final List<float[]> weights = new ArrayList<>();

    public OutcomeScores(Likelihood likelihood, LabelScale scale) {
        this.likelihood = likelihood;
        this.scale = scale;
    }

    /**
     * Takes a sample.
     *
     * @param of one for each class
     * @param knownEffect of the first class
     */
    public void add(Optional<SampleLabel> label, List<BagPrediction> of, OptionalDouble knownEffect) {
        if (label.isPresent()) {
            labels.add(label.get());
            means.add(of.stream().mapToDouble(BagPrediction::probability).toArray());
        }
        if (knownEffect.isPresent()) {
            effects.add(new double[] {of.get(0).randomEffect(), knownEffect.getAsDouble()});
        }
    }

    /** Takes the weights of a sample's cells. */
    public void addWeights(float[] known, float[] own) {
        knownWeights.add(known);
        weights.add(own);
    }

    /** The figures of what was taken. */
    public OutcomeFigures figures() {
        Double rho = effects.size() < 2 ? null : known(Scores.spearman(column(effects, 0), column(effects, 1)));
        Double attention =
                weights.isEmpty() ? null : known(Scores.retrievalAuc(joined(knownWeights), joined(weights), TOP_SHARE));
        if (labels.isEmpty()) {
            return new OutcomeFigures(null, null, null, null, null, null, rho, attention);
        }
        double[] y = labels.stream().mapToDouble(SampleLabel::value).toArray();
        if (likelihood instanceof Binomial) {
            double[] p = column(means, 0);
            double[] n = labels.stream().mapToDouble(SampleLabel::trials).toArray();
            return new OutcomeFigures(
                    known(Scores.auc(p, y, n)),
                    known(Scores.logLoss(p, y, n)),
                    known(Scores.brier(p, y, n)),
                    null,
                    null,
                    null,
                    rho,
                    attention);
        }
        return likelihood instanceof Categorical ? classes(y, rho, attention) : numbers(y, rho, attention);
    }

    private OutcomeFigures classes(double[] y, Double rho, Double attention) {
        double[][] p = means.toArray(double[][]::new);
        int[] index = new int[y.length];
        for (int n = 0; n < y.length; n++) {
            index[n] = (int) y[n];
        }
        return new OutcomeFigures(
                known(ClassScores.macroAuc(p, index)),
                known(ClassScores.logLoss(p, index)),
                known(ClassScores.brier(p, index)),
                known(ClassScores.accuracy(p, index)),
                null,
                null,
                rho,
                attention);
    }

    private OutcomeFigures numbers(double[] y, Double rho, Double attention) {
        double[] predicted = column(means, 0);
        for (int n = 0; n < predicted.length; n++) {
            predicted[n] = scale.unscaled(predicted[n]);
        }
        return new OutcomeFigures(
                null,
                null,
                null,
                null,
                known(ClassScores.r2(predicted, y)),
                known(ClassScores.rmse(predicted, y)),
                rho,
                attention);
    }

    private static double[] column(List<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }

    private static double[] joined(List<float[]> parts) {
        double[] joined =
                new double[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            for (float value : part) {
                joined[at++] = value;
            }
        }
        return joined;
    }

    private static Double known(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
