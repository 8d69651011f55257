package io.gmil.cli.evaluate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What {@code --json} writes; its names are a contract. Null where unknown.
 *
 * @param folds of each repeat
 * @param repeats of the cross-validation
 * @param seed of folds and fits
 * @param bags labelled samples
 * @param cells cells of these
 * @param seconds for all fits
 * @param models figures over repeats, by the name of the model
 * @param attentionHelped null unless GMIL and mean pooling were both evaluated
 */
public record EvaluationReport(
        int folds,
        int repeats,
        long seed,
        int bags,
        long cells,
        double seconds,
        Map<String, ModelFigures> models,
        Comparison attentionHelped) {

    /** Figures of one model over repeats. */
    public record ModelFigures(Spread auc, Spread logLoss, Spread brier, Spread calibrationSlope, Spread coverage90) {

        static ModelFigures of(List<RepeatFigures> repeats) {
            return new ModelFigures(
                    over(repeats, RepeatFigures::auc),
                    over(repeats, RepeatFigures::logLoss),
                    over(repeats, RepeatFigures::brier),
                    over(repeats, RepeatFigures::calibrationSlope),
                    over(repeats, RepeatFigures::coverage90));
        }

        private static Spread over(List<RepeatFigures> repeats, ToDoubleFunction<RepeatFigures> figure) {
            return Spread.of(repeats.stream().mapToDouble(figure).toArray());
        }
    }

    /**
     * AUC of GMIL less that of mean pooling on the same folds.
     *
     * @param auc the difference over repeats
     * @param positive share of the repeats in which it is positive
     */
    public record Comparison(Spread auc, double positive) {

        static Comparison of(List<RepeatFigures> gmil, List<RepeatFigures> pooling) {
            double[] differences = new double[gmil.size()];
            int positive = 0;
            for (int repeat = 0; repeat < differences.length; repeat++) {
                differences[repeat] =
                        gmil.get(repeat).auc() - pooling.get(repeat).auc();
                positive += differences[repeat] > 0 ? 1 : 0;
            }
            return new Comparison(Spread.of(differences), (double) positive / differences.length);
        }
    }

    static Map<String, ModelFigures> models(Map<EvaluatedModel, List<RepeatFigures>> figures) {
        Map<String, ModelFigures> models = new LinkedHashMap<>();
        figures.forEach((model, repeats) -> models.put(model.toString(), ModelFigures.of(repeats)));
        return models;
    }

    /** Null unless both were evaluated. */
    static Comparison attentionHelped(Map<EvaluatedModel, List<RepeatFigures>> figures) {
        List<RepeatFigures> gmil = figures.get(EvaluatedModel.GMIL);
        List<RepeatFigures> pooling = figures.get(EvaluatedModel.GLMM_MEAN);
        return gmil == null || pooling == null ? null : Comparison.of(gmil, pooling);
    }

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        byte[] json =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(this);
        Files.write(file, json);
    }
}
