package io.gmil.cli.exchange;

import io.gmil.model.PredictionFormula;

/**
 * What a graph computes for an outcome, or for each of its classes: η, its sd, u, and attention and contribution of the cells.
 * Values have the name of the formula with a suffix that keeps classes apart. There have to be {@code x} (I × Q) and
 * {@code fixed_effects} (K).
 */
final class OnnxClass {

    private final OnnxGraph graph;
    private final PredictionFormula formula;
    private final String suffix;

    OnnxClass(OnnxGraph graph, PredictionFormula formula, String suffix) {
        this.graph = graph;
        this.formula = formula;
        this.suffix = suffix;
    }

    /** The name of a value of this class. */
    String of(String name) {
        return name + suffix;
    }

    private void node(String output, String operator, String... inputs) {
        graph.node(of(output), operator, inputs);
    }

    void add() {
        attend();
        addFixedEffects();
        differentiate();
        deviate();
    }

    /** w, t, u and, for the gradient, Xᵀw and Xᵀ(w t). */
    private void attend() {
        graph.vector(of("gamma"), formula.gamma());
        graph.vector(of("beta"), formula.beta());
        node("logits", "MatMul", "x", of("gamma"));
        graph.node(of("attention"), "Softmax", "axis", 0, of("logits"));
        node("t", "MatMul", "x", of("beta"));
        node("contribution", "Mul", of("attention"), of("t"));
        sum("u", "contribution");
        node("xw", "MatMul", of("attention"), "x");
        node("xwt", "MatMul", of("contribution"), "x");
    }

    private void sum(String output, String input) {
        graph.node(of(output), "ReduceSum", "keepdims", 0, of(input));
    }

    /** η = f·α + u. */
    private void addFixedEffects() {
        graph.vector(of("alpha"), formula.alpha());
        node("fixed", "MatMul", "fixed_effects", of("alpha"));
        node("eta_mean", "Add", of("fixed"), of("u"));
    }

    /** J = (f, g, z). */
    private void differentiate() {
        graph.vector(of("feature_inverse"), formula.inverse());
        node("z", "Mul", of("xw"), of("feature_inverse"));
        if (formula.attention()) {
            node("uxw", "Mul", of("xw"), of("u"));
            node("xwt_centred", "Sub", of("xwt"), of("uxw"));
            node("g", "Mul", of("xwt_centred"), of("feature_inverse"));
        } else {
            graph.vector(of("g"), new double[formula.mean().length]);
        }
        graph.node(of("gradient"), "Concat", "axis", 0, "fixed_effects", of("g"), of("z"));
    }

    /** sd² = |d ∘ J|² ± |F J|². */
    private void deviate() {
        int d = formula.alpha().length + 2 * formula.mean().length;
        PredictionFormula.Root root = formula.factor();
        if (root.rows().length == 0) {
            variance("diagonal", root.diagonal(), "variance");
        } else if (root.diagonal().length == 0) {
            variance("factor", root.rows(), "variance", root.rows().length / d, d);
        } else {
            variance("diagonal", root.diagonal(), "variance_of_prior");
            variance("factor", root.rows(), "variance_of_sites", root.rows().length / d, d);
            node("difference", root.sign() > 0 ? "Add" : "Sub", of("variance_of_prior"), of("variance_of_sites"));
            node("variance", "Relu", of("difference")); // not below 0 by rounding
        }
        node("eta_sd", "Sqrt", of("variance"));
    }

    /** The sum of squares of a vector ∘ J, or of a matrix times J where there is a shape. */
    private void variance(String name, double[] values, String output, long... shape) {
        boolean vector = shape.length == 0;
        if (vector) {
            graph.vector(of(name), values);
        } else {
            graph.constant(of(name), values, shape);
        }
        String deviations = "deviations_of_" + name;
        String squares = "squares_of_" + name;
        node(deviations, vector ? "Mul" : "MatMul", of(name), of("gradient"));
        node(squares, "Mul", of(deviations), of(deviations));
        sum(output, squares);
    }
}
