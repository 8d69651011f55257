package io.gmil.cli.evaluate;

/**
 * What a model says of a sample it has not seen.
 *
 * @param score ranks samples: the linear predictor η
 * @param probability of a trial's success, E[σ(η)]
 * @param effect the bag effect, up to a constant that is the same for all samples of the fold
 * @param effectSd its standard deviation; NaN where the model knows none
 */
record Forecast(double score, double probability, double effect, double effectSd) {

    static Forecast withoutInterval(double probability) {
        return new Forecast(probability, probability, Double.NaN, Double.NaN);
    }
}
