package io.gmil.cli.experiments;

import io.gmil.cli.evaluate.Spread;
import java.util.Locale;

/** What is measured of a fitted model, on bags that were not learnt. */
public enum Figure {
    /** Spearman's correlation of predicted and true bag effects. */
    RHO("rhoBag", "ρ of bag effect", 3),
    /** Retrieval of the tenth of the cells with the largest true weights by the model's weights. */
    AUC("aucInstance", "AUC of attention", 3),
    /** log C(n, y) + y log p + (n − y) log(1 − p) with p = E[σ(η)], per bag. */
    LOG_LIKELIHOOD("logLikelihood", "test log-likelihood per bag", 3),
    /** Share of the true η in the 90 % interval of η. */
    COVERAGE("coverage90", "coverage of 90 % intervals", 3, 0.85, 0.95),
    /** Of the outcomes on logit p; 1 is calibrated, less is overconfident. */
    SLOPE("calibrationSlope", "calibration slope", 2, 0.8, 1.25),
    /** Processor time of the fit. */
    SECONDS("seconds", "processor seconds of a fit", 2);

    private final String key;
    private final String title;
    private final int decimals;
    private final double aimedFrom;
    private final double aimedTo;

    Figure(String key, String title, int decimals) {
        this(key, title, decimals, Double.NaN, Double.NaN);
    }

    Figure(String key, String title, int decimals, double aimedFrom, double aimedTo) {
        this.key = key;
        this.title = title;
        this.decimals = decimals;
        this.aimedFrom = aimedFrom;
        this.aimedTo = aimedTo;
    }

    /** In {@code experiments.json} and the authors' figures. */
    public String key() {
        return key;
    }

    /** In tables and plots. */
    public String title() {
        return title;
    }

    /** Lower end of what is aimed at; NaN where more (or less) is simply better. */
    double aimedFrom() {
        return aimedFrom;
    }

    /** Upper end of what is aimed at. */
    double aimedTo() {
        return aimedTo;
    }

    /** A little above the largest value there can be. */
    double most() {
        return this == RHO || this == AUC || this == COVERAGE ? 1.02 : Double.POSITIVE_INFINITY;
    }

    /** Mean ± standard deviation. */
    String text(Spread spread) {
        if (spread == null || spread.mean() == null) {
            return "–";
        }
        String mean = number(spread.mean());
        return spread.sd() == null ? mean : mean + " ± " + number(spread.sd());
    }

    private String number(double value) {
        String number = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return number.matches("-0\\.0+") ? number.substring(1) : number;
    }
}
