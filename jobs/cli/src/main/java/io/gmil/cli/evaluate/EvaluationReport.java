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
 * @param headCount of the model {@code heads}; 1 without it
 * @param starts of GMIL in each of its forms
 * @param passes of a fit
 * @param bags labelled samples
 * @param cells cells of these
 * @param seconds for all fits
 * @param models figures over repeats, by the name of the model
 * @param absent models that cannot learn this cohort
 * @param absentBecause why, by the name of the model
 * @param attentionHelped GMIL less mean pooling; null unless both were evaluated
 * @param headsHelped several heads less GMIL; null unless both were evaluated
 * @param randomInterceptHelped a random intercept less GMIL; null unless both were evaluated
 */
public record EvaluationReport(
        int folds,
        int repeats,
        long seed,
        int headCount,
        int starts,
        int passes,
        int bags,
        long cells,
        double seconds,
        Map<String, ModelFigures> models,
        List<String> absent,
        Map<String, String> absentBecause,
        Comparison attentionHelped,
        Comparison headsHelped,
        Comparison randomInterceptHelped) {

    /** Figures of one model over repeats. */
    public record ModelFigures(
            Spread auc,
            Spread logLoss,
            Spread brier,
            Spread calibrationSlope,
            Spread coverage90,
            Spread coverage90Uncentred,
            Spread accuracy,
            Spread r2,
            Spread rmse,
            Spread labelCoverage90) {

        static ModelFigures of(List<RepeatFigures> repeats) {
            return new ModelFigures(
                    over(repeats, RepeatFigures::auc),
                    over(repeats, RepeatFigures::logLoss),
                    over(repeats, RepeatFigures::brier),
                    over(repeats, RepeatFigures::calibrationSlope),
                    over(repeats, RepeatFigures::coverage90),
                    over(repeats, RepeatFigures::coverage90Uncentred),
                    over(repeats, RepeatFigures::accuracy),
                    over(repeats, RepeatFigures::r2),
                    over(repeats, RepeatFigures::rmse),
                    over(repeats, RepeatFigures::labelCoverage90));
        }

        private static Spread over(List<RepeatFigures> repeats, ToDoubleFunction<RepeatFigures> figure) {
            return Spread.of(repeats.stream().mapToDouble(figure).toArray());
        }
    }

    static Map<String, ModelFigures> models(Map<EvaluatedModel, List<RepeatFigures>> figures) {
        Map<String, ModelFigures> models = new LinkedHashMap<>();
        figures.forEach((model, repeats) -> models.put(model.toString(), ModelFigures.of(repeats)));
        return models;
    }

    /** Writes it as JSON. */
    public void write(Path file) throws IOException {
        byte[] json =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsBytes(this);
        Files.write(file, json);
    }
}
