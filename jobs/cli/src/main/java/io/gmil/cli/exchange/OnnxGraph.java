package io.gmil.cli.exchange;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A graph that is being written, node by node; every value has the name it is given. Numbers are float64. */
final class OnnxGraph {

    static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;
    static final int DOUBLE = TensorProto.DataType.DOUBLE_VALUE;

    private final GraphProto.Builder graph;

    OnnxGraph(String name) {
        graph = GraphProto.newBuilder().setName(name);
    }

    /** @param dimensions a number is a fixed length, a name any */
    void input(String name, int type, String meaning, String... dimensions) {
        graph.addInput(value(name, type, meaning, dimensions));
    }

    void output(String name, String meaning, String... dimensions) {
        graph.addOutput(value(name, DOUBLE, meaning, dimensions));
    }

    private static ValueInfoProto value(String name, int type, String meaning, String... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String dimension : dimensions) {
            if (Character.isDigit(dimension.charAt(0))) {
                shape.addDimBuilder().setDimValue(Long.parseLong(dimension));
            } else {
                shape.addDimBuilder().setDimParam(dimension);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setDocString(meaning)
                .setType(TypeProto.newBuilder()
                        .setTensorType(
                                TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
                .build();
    }

    /** A constant of this shape. */
    String constant(String name, double[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(DOUBLE)
                .setRawData(UnsafeByteOperations.unsafeWrap(bytes));
        for (long length : shape) {
            tensor.addDims(length);
        }
        graph.addInitializer(tensor);
        return name;
    }

    /** A dimension, for operators that take it as an input. */
    String axis(String name, long axis) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.INT64_VALUE)
                .addDims(1)
                .addInt64Data(axis));
        return name;
    }

    /** A vector. */
    String vector(String name, double[] values) {
        return constant(name, values, values.length);
    }

    /** A node with one output, of the same name as the node. */
    String node(String output, String operator, String... inputs) {
        graph.addNode(builder(output, operator, inputs));
        return output;
    }

    /** The same with an integer attribute. */
    String node(String output, String operator, String attribute, long value, String... inputs) {
        graph.addNode(builder(output, operator, inputs)
                .addAttribute(AttributeProto.newBuilder()
                        .setName(attribute)
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(value)));
        return output;
    }

    private static NodeProto.Builder builder(String output, String operator, String... inputs) {
        return NodeProto.newBuilder()
                .setName(output)
                .setOpType(operator)
                .addAllInput(List.of(inputs))
                .addOutput(output);
    }

    GraphProto build() {
        return graph.build();
    }
}
