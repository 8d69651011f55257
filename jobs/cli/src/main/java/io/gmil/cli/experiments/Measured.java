package io.gmil.cli.experiments;

import io.gmil.cli.evaluate.Spread;
import java.util.List;
import java.util.Map;

/**
 * The figures of one fit.
 *
 * @param setting what the experiment varies, as written on its axis
 * @param model by its title
 * @param seed of the simulated cohort
 * @param outcome of the cohort, from 1
 * @param figures NaN where a fit has none
 */
public record Measured(String setting, String model, long seed, int outcome, Map<Figure, Double> figures) {

    double figure(Figure figure) {
        return figures.get(figure);
    }

    /** Settings in the order of the fits. */
    static List<String> settings(List<Measured> fits) {
        return fits.stream().map(Measured::setting).distinct().toList();
    }

    /** Models in the order of the fits. */
    static List<String> models(List<Measured> fits) {
        return fits.stream().map(Measured::model).distinct().toList();
    }

    /** Stands for every setting. */
    static final String ALL = "all";

    /** A figure of one model in one setting, or all, over outcomes and cohorts. */
    static Spread spread(List<Measured> fits, String setting, String model, Figure figure) {
        return Spread.of(fits.stream()
                .filter(fit -> (setting.equals(ALL) || fit.setting().equals(setting))
                        && fit.model().equals(model))
                .mapToDouble(fit -> fit.figure(figure))
                .toArray());
    }
}
