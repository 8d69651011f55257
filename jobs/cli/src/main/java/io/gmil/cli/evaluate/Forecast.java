package io.gmil.cli.evaluate;

/**
 * What a model says of a sample it has not seen.
 *
 * @param score ranks samples by success: the linear predictor η, of classes that of the first
 * @param mean probability E[σ(η)] of a trial's success (1), or of each class (C), or E[y] in the unit of the label (1)
 * @param sd of y around it, a number; NaN of others
 * @param effects the bag effect with the intercept, in the unit of the label (1), or that of each class (C); none where the
 *     truth or the model's interval is unknown
 * @param effectSds their standard deviations
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Forecast(double score, double[] mean, double sd, double[] effects, double[] effectSds) {

    private static final double[] NONE = {};

    static Forecast withoutEffects(double score, double[] mean, double sd) {
        return new Forecast(score, mean, sd, NONE, NONE);
    }

    static Forecast withoutInterval(double... mean) {
        return withoutEffects(mean[0], mean, Double.NaN);
    }
}
