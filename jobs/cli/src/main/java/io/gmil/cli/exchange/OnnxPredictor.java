package io.gmil.cli.exchange;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.PredictionFormula;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.saved.SavedModel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The predictor of a model as an ONNX graph, see {@link PredictionFormula}. One run is one bag:
 *
 * <pre>
 * cells (I × Q, float32)        raw embedding of the cells, I as they come
 * covariates (K − 1, float64)   raw, in the order of the metadata; absent where the model has none
 *
 * eta_mean, eta_sd, probability, u                 float64, no dimensions; probability is per trial
 * attention, contribution (I)                      float64; contributions add up to u
 * </pre>
 *
 * <p>All is computed in float64; scaling and intercept are inside.
 */
final class OnnxPredictor {

    private static final int IR_VERSION = 8;

    /** The last one in which every operator used here was new; runtimes from 2020 on know it. */
    private static final int OPERATOR_SET = 13;

    private final OnnxGraph graph = new OnnxGraph("gmil");
    private final PredictionFormula formula;

    private OnnxPredictor(PredictionFormula formula) {
        this.formula = formula;
    }

    static ModelProto of(SavedModel model) {
        FeatureScaler features = model.featureScaler();
        OnnxPredictor predictor =
                new OnnxPredictor(PredictionFormula.of(model.posterior().snapshot(0, 1), features));
        predictor.inputs(features.width(), model.covariates().size());
        predictor.attend();
        predictor.addFixedEffects(model.covariateScaler());
        predictor.deviate();
        predictor.integrate();
        predictor.outputs();
        ModelProto.Builder proto = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("gmil")
                .setProducerVersion(CodeVersion.CURRENT)
                .setDocString("GMIL (arXiv 2311.02455): one bag of cells, η ~ N(eta_mean, eta_sd²)")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
                .setGraph(predictor.graph.build());
        metadata(model)
                .forEach((key, value) -> proto.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return proto.build();
    }

    private static Map<String, String> metadata(SavedModel model) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("outcome", model.outcome());
        metadata.put("trials", Integer.toString(model.trials()));
        metadata.put("embedding", model.embedding());
        metadata.put("covariates", String.join(",", model.covariates()));
        model.covariateCodes().forEach((name, values) -> metadata.put("values of " + name, String.join(",", values)));
        return metadata;
    }

    private void inputs(int width, int covariates) {
        graph.input("cells", OnnxGraph.FLOAT, "raw embedding of the cells of one bag", "I", Integer.toString(width));
        if (covariates > 0) {
            graph.input("covariates", OnnxGraph.DOUBLE, "raw, without intercept", Integer.toString(covariates));
        }
        graph.node("x", "Cast", "to", OnnxGraph.DOUBLE, "cells");
    }

    /** w, t, u and, for the gradient, Xᵀw and Xᵀ(w t). */
    private void attend() {
        graph.vector("gamma", formula.gamma());
        graph.vector("beta", formula.beta());
        graph.constant("constant", new double[] {formula.constant()});
        graph.node("logits", "MatMul", "x", "gamma");
        graph.node("attention", "Softmax", "axis", 0, "logits");
        graph.node("xb", "MatMul", "x", "beta");
        graph.node("t", "Add", "xb", "constant");
        graph.node("contribution", "Mul", "attention", "t");
        graph.node("u", "ReduceSum", "keepdims", 0, "contribution");
        graph.node("xw", "MatMul", "attention", "x");
        graph.node("xwt", "MatMul", "contribution", "x");
    }

    /** f = (1, (c − mean) / sd) and η = f·α + u. */
    private void addFixedEffects(CovariateScaler scaler) {
        String f = graph.vector("intercept", new double[] {1});
        if (scaler.mean().length > 0) {
            graph.vector("covariate_mean", scaler.mean());
            graph.vector("covariate_sd", scaler.sd());
            graph.node("centred", "Sub", "covariates", "covariate_mean");
            graph.node("scaled", "Div", "centred", "covariate_sd");
            f = graph.node("fixed_effects", "Concat", "axis", 0, "intercept", "scaled");
        }
        graph.vector("alpha", formula.alpha());
        graph.node("fixed", "MatMul", f, "alpha");
        graph.node("eta_mean", "Add", "fixed", "u");
        gradient(f);
    }

    /** J = (f, g, z). */
    private void gradient(String f) {
        graph.vector("feature_mean", formula.mean());
        graph.vector("feature_inverse", formula.inverse());
        graph.node("xw_centred", "Sub", "xw", "feature_mean");
        graph.node("z", "Mul", "xw_centred", "feature_inverse");
        if (formula.attention()) {
            graph.node("uxw", "Mul", "xw", "u");
            graph.node("xwt_centred", "Sub", "xwt", "uxw");
            graph.node("g", "Mul", "xwt_centred", "feature_inverse");
        } else {
            graph.vector("g", new double[formula.mean().length]);
        }
        graph.node("gradient", "Concat", "axis", 0, f, "g", "z");
    }

    /** sd = |F J|. */
    private void deviate() {
        int d = formula.alpha().length + 2 * formula.mean().length;
        graph.constant("factor", formula.factor(), formula.factor().length / d, d);
        graph.node("deviations", "MatMul", "factor", "gradient");
        graph.node("squares", "Mul", "deviations", "deviations");
        graph.node("variance", "ReduceSum", "keepdims", 0, "squares");
        graph.node("eta_sd", "Sqrt", "variance");
    }

    /** E[σ(η)]. */
    private void integrate() {
        graph.vector("nodes", formula.nodes());
        graph.vector("weights", formula.weights());
        graph.node("offsets", "Mul", "nodes", "eta_sd");
        graph.node("etas", "Add", "offsets", "eta_mean");
        graph.node("sigmas", "Sigmoid", "etas");
        graph.node("probability", "MatMul", "sigmas", "weights");
    }

    private void outputs() {
        graph.output("eta_mean", "mean of the linear predictor");
        graph.output("eta_sd", "its standard deviation");
        graph.output("probability", "E[sigmoid(eta)]");
        graph.output("u", "bag effect");
        graph.output("attention", "weights of the cells", "I");
        graph.output("contribution", "signed contributions of the cells to u", "I");
    }
}
