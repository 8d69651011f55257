package io.gmil.cli.evaluate;

/**
 * What a model says of a sample it has not seen.
 *
 * @param probability of a trial's success
 * @param effect the bag effect, up to a constant that is the same for all samples of the fold
 * @param effectSd its standard deviation; NaN where the model knows none
 */
record Forecast(double probability, double effect, double effectSd) {

    static Forecast withoutInterval(double probability) {
        return new Forecast(probability, Double.NaN, Double.NaN);
    }
}
