package forge.ai.runtime.inference;

import forge.ai.api.tensor.Tensor;
import forge.ai.runtime.testkit.model.OnnxGraph;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Models of usual kinds with random weights. */
final class BenchmarkModels {

    private static final int WORDS = 16;
    private static final int WIDTH = 64;

    private final Random random = new Random(1);

    /** 784-256-128-10, as for handwritten digits. */
    OnnxGraph mlp() {
        OnnxGraph graph = new OnnxGraph().input("x", OnnxGraph.FLOAT, "batch", 784);
        String last = "x";
        int[] widths = {784, 256, 128, 10};
        for (int layer = 1; layer < widths.length; layer++) {
            String made = layer == 3 ? "y" : "h" + layer;
            dense(graph, last, made, widths[layer - 1], widths[layer], layer < 3);
            last = made;
        }
        return graph.output("y", OnnxGraph.FLOAT, "batch", 10);
    }

    private void dense(OnnxGraph graph, String from, String to, int in, int out, boolean relu) {
        weights(graph, to + "_w", in, out);
        weights(graph, to + "_b", out);
        graph.node("Gemm", List.of(from, to + "_w", to + "_b"), relu ? to + "_a" : to);
        if (relu) {
            graph.node("Relu", List.of(to + "_a"), to);
        }
    }

    /** Two convolutions over pictures of 28 x 28. */
    OnnxGraph cnn() {
        OnnxGraph graph = new OnnxGraph().input("x", OnnxGraph.FLOAT, "batch", 1, 28, 28);
        convolution(graph, "x", "c1", 1, 8);
        convolution(graph, "c1", "c2", 8, 16);
        graph.node("Flatten", List.of("c2"), "flat");
        dense(graph, "flat", "y", 16 * 7 * 7, 10, false);
        return graph.output("y", OnnxGraph.FLOAT, "batch", 10);
    }

    private void convolution(OnnxGraph graph, String from, String to, int in, int out) {
        weights(graph, to + "_w", out, in, 3, 3);
        weights(graph, to + "_b", out);
        graph.node(
                "Conv",
                List.of(from, to + "_w", to + "_b"),
                List.of(to + "_c"),
                Map.of("pads", List.of(1, 1, 1, 1), "kernel_shape", List.of(3, 3)));
        graph.node("Relu", List.of(to + "_c"), to + "_r");
        graph.node(
                "MaxPool",
                List.of(to + "_r"),
                List.of(to),
                Map.of("kernel_shape", List.of(2, 2), "strides", List.of(2, 2)));
    }

    /** Two layers of attention over 16 tokens of 64 numbers, then a classifier. */
    OnnxGraph transformer() {
        OnnxGraph graph = new OnnxGraph().input("x", OnnxGraph.FLOAT, "batch", WORDS, WIDTH);
        graph.longs("heads", List.of(4), -1, WORDS, 4, WIDTH / 4)
                .longs("merged", List.of(3), -1, WORDS, WIDTH)
                .floats("scale", List.of(), 0.25f);
        layer(graph, "x", "l1");
        layer(graph, "l1", "l2");
        graph.node("ReduceMean", List.of("l2"), List.of("mean"), Map.of("axes", List.of(1), "keepdims", 0));
        dense(graph, "mean", "y", WIDTH, 2, false);
        return graph.output("y", OnnxGraph.FLOAT, "batch", 2);
    }

    private void layer(OnnxGraph graph, String from, String to) {
        for (String part : List.of("q", "k", "v")) {
            String name = to + part;
            product(graph, from, name + "_m", WIDTH, WIDTH);
            graph.node("Reshape", List.of(name + "_m", "heads"), name + "_h");
            List<Integer> order = part.equals("k") ? List.of(0, 2, 3, 1) : List.of(0, 2, 1, 3);
            graph.node("Transpose", List.of(name + "_h"), List.of(name), Map.of("perm", order));
        }
        graph.node("MatMul", List.of(to + "q", to + "k"), to + "_qk");
        graph.node("Mul", List.of(to + "_qk", "scale"), to + "_scaled");
        graph.node("Softmax", List.of(to + "_scaled"), List.of(to + "_p"), Map.of("axis", -1));
        graph.node("MatMul", List.of(to + "_p", to + "v"), to + "_mix");
        graph.node("Transpose", List.of(to + "_mix"), List.of(to + "_back"), Map.of("perm", List.of(0, 2, 1, 3)));
        graph.node("Reshape", List.of(to + "_back", "merged"), to + "_att");
        product(graph, to + "_att", to + "_out", WIDTH, WIDTH);
        normalised(graph, from, to + "_out", to + "_n1");
        product(graph, to + "_n1", to + "_up", WIDTH, 4 * WIDTH);
        graph.node("Relu", List.of(to + "_up"), to + "_act");
        product(graph, to + "_act", to + "_down", 4 * WIDTH, WIDTH);
        normalised(graph, to + "_n1", to + "_down", to);
    }

    private void product(OnnxGraph graph, String from, String to, int in, int out) {
        weights(graph, to + "_w", in, out).node("MatMul", List.of(from, to + "_w"), to);
    }

    private void normalised(OnnxGraph graph, String one, String other, String to) {
        weights(graph, to + "_g", WIDTH);
        weights(graph, to + "_z", WIDTH);
        graph.node("Add", List.of(one, other), to + "_sum");
        graph.node("LayerNormalization", List.of(to + "_sum", to + "_g", to + "_z"), to);
    }

    private OnnxGraph weights(OnnxGraph graph, String name, int... shape) {
        float[] values = random(IntStream.of(shape).reduce(1, Math::multiplyExact), (float) Math.sqrt(2.0 / shape[0]));
        return graph.floats(name, IntStream.of(shape).boxed().toList(), values);
    }

    private float[] random(int count, float spread) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * spread;
        }
        return values;
    }

    /** One row for a model. */
    Tensor row(long... shape) {
        return Tensor.ofFloats(shape, random(Tensor.elements(shape), 1));
    }
}
