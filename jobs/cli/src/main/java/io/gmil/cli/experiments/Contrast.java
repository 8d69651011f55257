package io.gmil.cli.experiments;

import io.gmil.cli.evaluate.Spread;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A comparison of two models on the same outcomes.
 *
 * @param figure compared
 * @param model by its title
 * @param other by its title
 */
public record Contrast(Figure figure, String model, String other) {

    /**
     * The difference in one setting.
     *
     * @param setting as written on the axis
     * @param difference model less other, over outcomes
     * @param higher outcomes in which it is above 0
     * @param of so many
     */
    public record Difference(String setting, Spread difference, int higher, int of) {}

    static Contrast of(Figure figure, Contender model, Contender other) {
        return new Contrast(figure, model.title(), other.title());
    }

    /** In each of the settings in which both were fitted. */
    List<Difference> over(List<String> settings, List<Measured> fits) {
        return settings.stream()
                .map(setting -> in(setting, fits))
                .filter(difference -> difference.of() > 0)
                .toList();
    }

    private Difference in(String setting, List<Measured> fits) {
        Map<String, Double> figures = figures(fits, setting, model);
        Map<String, Double> others = figures(fits, setting, other);
        double[] differences = figures.keySet().stream()
                .filter(others::containsKey)
                .mapToDouble(key -> figures.get(key) - others.get(key))
                .toArray();
        int higher = 0;
        for (double difference : differences) {
            higher += difference > 0 ? 1 : 0;
        }
        return new Difference(setting, Spread.of(differences), higher, differences.length);
    }

    /** By setting, cohort and outcome. */
    private Map<String, Double> figures(List<Measured> fits, String setting, String ofModel) {
        return fits.stream()
                .filter(fit -> (setting.equals(Measured.ALL) || fit.setting().equals(setting))
                        && fit.model().equals(ofModel))
                .filter(fit -> Double.isFinite(fit.figure(figure)))
                .collect(Collectors.toMap(
                        fit -> fit.setting() + "/" + fit.seed() + "/" + fit.outcome(), fit -> fit.figure(figure)));
    }
}
