package io.gmil.cli.exchange;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gmil.model.CovariateScaler;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.PredictionFormula;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.SavedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The predictor of an outcome as an ONNX graph, see {@link PredictionFormula}. One run is one bag:
 *
 * <pre>
 * cells (I × Q, float32)        raw embedding of the cells, I as they come
 * covariates (K − 1, float64)   raw, in the order of the metadata; absent where the model has none
 *
 * eta_mean, eta_sd, probability, u                 float64, no dimensions; probability is per trial
 * attention, contribution (I)                      float64; contributions add up to u
 * </pre>
 *
 * <p>Of a categorical outcome the first have dimension C, the last I × C. Of a number there is no probability, and all but
 * attention is in the unit of the label. All is computed in float64; scaling and intercept are inside.
 */
final class OnnxPredictor {

    private static final int IR_VERSION = 8;

    /** The last one in which every operator used here was new; runtimes from 2020 on know it. */
    private static final int OPERATOR_SET = 13;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final OnnxGraph graph = new OnnxGraph("gmil");
    private final SavedModel model;
    private final ModelFile.Outcome outcome;
    private final boolean number;
    private final boolean categorical;

    private OnnxPredictor(SavedModel model) {
        this.model = model;
        this.outcome = model.file().outcome();
        this.number = outcome.likelihood().equals("normal");
        this.categorical = !outcome.classes().isEmpty();
    }

    /** How many numbers there are in the factors of S. */
    static long size(SavedModel model) {
        return AuthorsFile.posteriors(model).stream()
                .mapToLong(posterior -> PredictionFormula.size(posterior.exactSnapshot(0, 1)))
                .sum();
    }

    /** Of the first outcome. */
    static ModelProto of(SavedModel model) {
        OnnxPredictor predictor = new OnnxPredictor(model);
        predictor.inputs();
        predictor.predict();
        predictor.outputs();
        ModelProto.Builder proto = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("gmil")
                .setProducerVersion(CodeVersion.CURRENT)
                .setDocString("GMIL (arXiv 2311.02455): one bag of cells, η ~ N(eta_mean, eta_sd²)")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
                .setGraph(predictor.graph.build());
        predictor
                .metadata()
                .forEach((key, value) -> proto.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return proto.build();
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("outcome", outcome.name());
        metadata.put("likelihood", outcome.likelihood());
        if (categorical) {
            metadata.put("classes", json(outcome.classes()));
        }
        metadata.put("trials", Integer.toString(outcome.trials()));
        metadata.put("embedding", model.embedding());
        metadata.put("covariates", json(model.covariates()));
        model.covariateCodes().forEach((name, values) -> metadata.put("values of " + name, json(values)));
        return metadata;
    }

    /** Names may contain whatever would separate them. */
    private static String json(List<String> names) {
        try {
            return JSON.writeValueAsString(names);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a list of names is JSON", e);
        }
    }

    /** The cells less their mean, and f = (1, (c − mean) / sd). */
    private void inputs() {
        String width = Integer.toString(model.featureScaler().width());
        graph.input("cells", OnnxGraph.FLOAT, "raw embedding of the cells of one bag", "I", width);
        graph.node("raw", "Cast", "to", OnnxGraph.DOUBLE, "cells");
        graph.vector("feature_mean", model.featureScaler().mean());
        graph.node("x", "Sub", "raw", "feature_mean");
        CovariateScaler scaler = model.covariateScaler();
        int covariates = scaler.mean().length;
        if (covariates == 0) {
            graph.vector("fixed_effects", new double[] {1});
            return;
        }
        graph.input("covariates", OnnxGraph.DOUBLE, "raw, without intercept", Integer.toString(covariates));
        graph.vector("intercept", new double[] {1});
        graph.vector("covariate_mean", scaler.mean());
        graph.vector("covariate_sd", scaler.sd());
        graph.node("centred", "Sub", "covariates", "covariate_mean");
        graph.node("scaled", "Div", "centred", "covariate_sd");
        graph.node("fixed_effects", "Concat", "axis", 0, "intercept", "scaled");
    }

    private void predict() {
        List<OnnxClass> classes = new ArrayList<>();
        PredictionFormula formula = null;
        for (PosteriorSnapshot posterior : model.posteriors().get(0).exactSnapshots(0, 1)) {
            formula = PredictionFormula.of(posterior, model.featureScaler());
            String suffix = categorical ? "_" + classes.size() : number ? "_standardised" : "";
            OnnxClass each = new OnnxClass(graph, formula, suffix);
            each.add();
            classes.add(each);
        }
        if (categorical) {
            join(classes);
            integrateSoftmax(classes.size());
        } else if (number) {
            unscale(classes.get(0));
        } else {
            integrate(formula);
        }
    }

    /** Side by side. */
    private void join(List<OnnxClass> classes) {
        graph.axis("of_numbers", 0);
        graph.axis("of_cells", 1);
        for (String number : List.of("eta_mean", "eta_sd", "u")) {
            join(number, "of_numbers", 0, classes);
        }
        for (String ofCells : List.of("attention", "contribution")) {
            join(ofCells, "of_cells", 1, classes);
        }
    }

    private void join(String name, String axisName, int axis, List<OnnxClass> classes) {
        String[] columns = classes.stream()
                .map(each -> graph.node("column_" + each.of(name), "Unsqueeze", each.of(name), axisName))
                .toArray(String[]::new);
        graph.node(name, "Concat", "axis", axis, columns);
    }

    /** E[softmax(η)]: the mean over points in C dimensions. */
    private void integrateSoftmax(int classes) {
        double[] points = PredictionFormula.softmaxPoints(classes);
        int count = points.length / classes;
        double[] weights = new double[count];
        Arrays.fill(weights, 1.0 / count);
        graph.constant("points", points, count, classes);
        graph.vector("weights", weights);
        graph.node("offsets", "Mul", "points", "eta_sd");
        graph.node("etas", "Add", "offsets", "eta_mean");
        graph.node("shares", "Softmax", "axis", 1, "etas");
        graph.node("probability", "MatMul", "weights", "shares");
    }

    /** E[σ(η)]. */
    private void integrate(PredictionFormula formula) {
        graph.vector("nodes", formula.nodes());
        graph.vector("weights", formula.weights());
        graph.node("offsets", "Mul", "nodes", "eta_sd");
        graph.node("etas", "Add", "offsets", "eta_mean");
        graph.node("sigmas", "Sigmoid", "etas");
        graph.node("probability", "MatMul", "sigmas", "weights");
    }

    /** From standardised labels to their unit. */
    private void unscale(OnnxClass standardised) {
        graph.constant("label_mean", new double[] {outcome.mean()});
        graph.constant("label_sd", new double[] {outcome.sd()});
        for (String difference : List.of("eta_sd", "u", "contribution")) {
            graph.node(difference, "Mul", standardised.of(difference), "label_sd");
        }
        graph.node("eta_difference", "Mul", standardised.of("eta_mean"), "label_sd");
        graph.node("eta_mean", "Add", "eta_difference", "label_mean");
        graph.node("attention", "Identity", standardised.of("attention"));
    }

    private void outputs() {
        String classes = Integer.toString(outcome.classes().size());
        String[] one = categorical ? new String[] {classes} : new String[0];
        String[] ofCells = categorical ? new String[] {"I", classes} : new String[] {"I"};
        graph.output("eta_mean", "mean of the linear predictor", one);
        graph.output("eta_sd", "its standard deviation", one);
        if (!number) {
            graph.output("probability", categorical ? "E[softmax(eta)]" : "E[sigmoid(eta)]", one);
        }
        graph.output("u", "bag effect", one);
        graph.output("attention", "weights of the cells", ofCells);
        graph.output("contribution", "signed contributions of the cells to u", ofCells);
    }
}
