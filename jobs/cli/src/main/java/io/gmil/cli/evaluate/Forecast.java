package io.gmil.cli.evaluate;

/**
 * What a model says of a sample it has not seen.
 *
 * @param score ranks samples by success: the linear predictor η, of classes that of the first
 * @param mean probability E[σ(η)] of a trial's success (1), or of each class (C), or E[y] in the unit of the label (1)
 * @param sd of y around it, a number; NaN of others
 * @param effect the bag effect in the unit of the label, up to a constant that is the same for all samples of the fold
 * @param effectSd its standard deviation; NaN where the model knows none
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Forecast(double score, double[] mean, double sd, double effect, double effectSd) {

    static Forecast withoutInterval(double probability) {
        return new Forecast(probability, new double[] {probability}, Double.NaN, Double.NaN, Double.NaN);
    }
}
