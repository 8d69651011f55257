package io.gmil.model;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.memory.AbstractMemoryMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A SameDiff graph with a scalar loss, as a function from Java arrays to Java arrays. What a run takes of native memory is
 * free at its end. To be used by the thread that made it, as SameDiff has a session for each.
 */
final class LossGraph implements AutoCloseable {
    private final SameDiff graph;
    private final String loss;
    private final List<String> parameters;
    private final List<INDArray> variables;

    /** @param parameters names of the variables to derive the loss by */
    LossGraph(SameDiff graph, String loss, List<String> parameters) {
        this.graph = graph;
        this.loss = loss;
        this.parameters = parameters;
        this.variables = parameters.stream().map(graph::getArrForVarName).toList();
        graph.setLossVariables(loss);
        differentiate(graph, parameters);
        releaseAtOnce(graph);
        releaseAtOnce(graph.getFunction("grad"));
    }

    /** ND4J 1.0.0-M2.1 prints a line for each operation that it differentiates; all other lines pass. */
    private static synchronized void differentiate(SameDiff graph, List<String> parameters) {
        PrintStream console = System.out;
        System.setOut(new PrintStream(console, true) {
            @Override
            public void println(String line) {
                if (!String.valueOf(line).startsWith("Added differentiated op ")) {
                    console.println(line);
                }
            }
        });
        try {
            graph.createGradFunction(parameters.toArray(String[]::new));
        } finally {
            System.setOut(console);
        }
    }

    private static void releaseAtOnce(SameDiff graph) {
        InferenceSession session = new InferenceSession(graph);
        session.setMmgr(new Unshared());
        graph.getSessions().put(Thread.currentThread().getId(), session);
    }

    /** Sets the parameters, in their order, each row-major. */
    void assign(List<double[]> values) {
        for (int i = 0; i < values.size(); i++) {
            memory(variables.get(i)).put(values.get(i));
        }
    }

    /** The loss; closes the inputs, which are by placeholder. */
    double loss(Map<String, INDArray> inputs) {
        return output(loss, inputs)[0];
    }

    /** A variable of the graph, row-major; closes the inputs. */
    double[] output(String name, Map<String, INDArray> inputs) {
        INDArray output = graph.output(inputs, List.of(name)).get(name);
        inputs.values().forEach(INDArray::close);
        return taken(output);
    }

    /** Of the loss by each of the parameters, row-major; closes the inputs. */
    List<double[]> gradient(Map<String, INDArray> inputs) {
        Map<String, INDArray> gradients = graph.calculateGradients(inputs, parameters);
        inputs.values().forEach(INDArray::close);
        List<double[]> taken = new ArrayList<>();
        parameters.forEach(name -> taken.add(taken(gradients.get(name))));
        return taken;
    }

    /** The values, row-major; closes the array. */
    private static double[] taken(INDArray array) {
        double[] values = new double[(int) array.length()];
        INDArray rowMajor = array.dup('c');
        memory(rowMajor).get(values);
        rowMajor.close();
        array.close();
        return values;
    }

    private static DoublePointer memory(INDArray array) {
        return new DoublePointer((DoublePointer) array.data().addressPointer());
    }

    @Override
    public void close() {
        variables.forEach(INDArray::close);
    }

    /** SameDiff's default, a cache of arrays, gives wrong results in 1.0.0-M2.1 from the second run on. */
    private static final class Unshared extends AbstractMemoryMgr {
        @Override
        public INDArray allocate(boolean detached, DataType type, long... shape) {
            return Nd4j.createUninitialized(type, shape);
        }

        @Override
        public INDArray allocate(boolean detached, LongShapeDescriptor descriptor) {
            return Nd4j.create(descriptor, false);
        }

        @Override
        public void release(INDArray array) {
            if (array.closeable()) {
                array.close();
            }
        }

        @Override
        public void close() {}
    }
}
