package forge.ai.backend.onnxoptimize;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** An ONNX model as the public schema, {@code onnx.proto}, has it; the numbers are those of its fields. */
final class OnnxFile {

    static final int NODE_INPUT = 1;
    static final int NODE_OUTPUT = 2;
    static final int NODE_NAME = 3;
    static final int NODE_OPERATOR = 4;
    static final int NODE_ATTRIBUTE = 5;
    static final int NODE_DOMAIN = 7;
    static final int ATTRIBUTE_NAME = 1;
    static final int ATTRIBUTE_FLOAT = 2;
    static final int ATTRIBUTE_INT = 3;
    static final int ATTRIBUTE_TYPE = 20;
    static final int TENSOR_DIMENSION = 1;
    static final int TENSOR_TYPE = 2;
    static final int TENSOR_FLOATS = 4;
    static final int TENSOR_NAME = 8;
    static final int TENSOR_RAW = 9;

    private static final int MODEL_GRAPH = 7;
    private static final int MODEL_OPSET = 8;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int GRAPH_INPUT = 11;
    private static final int OPSET_DOMAIN = 1;
    private static final int OPSET_VERSION = 2;
    private static final int TENSOR_EXTERNAL = 13;
    private static final int ENTRY_KEY = 1;
    private static final int ENTRY_VALUE = 2;

    private final ProtoMessage model;
    private final ProtoMessage graph;

    private OnnxFile(ProtoMessage model) {
        this.model = model;
        this.graph = model.message(MODEL_GRAPH);
    }

    static OnnxFile read(Path file) throws IOException {
        if (Files.size(file) > Integer.MAX_VALUE) {
            throw new UnsupportedException(file.getFileName() + " is larger than 2 GiB");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return new OnnxFile(ProtoMessage.parse(bytes));
        }
    }

    void write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            model.write(out);
        }
    }

    List<ProtoMessage> nodes() {
        return graph.messages(GRAPH_NODE);
    }

    void nodes(List<ProtoMessage> nodes) {
        graph.remove(GRAPH_NODE);
        nodes.forEach(node -> graph.add(GRAPH_NODE, node));
    }

    /** Weights by name, but those that a caller may replace. */
    Map<String, ProtoMessage> weights() {
        Set<String> inputs =
                graph.messages(GRAPH_INPUT).stream().map(input -> input.text(1)).collect(Collectors.toSet());
        Map<String, ProtoMessage> weights = new HashMap<>();
        for (ProtoMessage tensor : graph.messages(GRAPH_INITIALIZER)) {
            if (!inputs.contains(tensor.text(TENSOR_NAME))) {
                weights.put(tensor.text(TENSOR_NAME), tensor);
            }
        }
        return weights;
    }

    void add(ProtoMessage weights) {
        graph.add(GRAPH_INITIALIZER, weights);
    }

    /** The version of the standard operators. */
    long opset() {
        return model.messages(MODEL_OPSET).stream()
                .filter(opset -> opset.text(OPSET_DOMAIN).isEmpty()
                        || opset.text(OPSET_DOMAIN).equals("ai.onnx"))
                .mapToLong(opset -> opset.number(OPSET_VERSION, 1))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("the model says no version of the operators"));
    }

    /** The files beside the model that hold weights. */
    Set<String> externalFiles() {
        return graph.messages(GRAPH_INITIALIZER).stream()
                .flatMap(tensor -> tensor.messages(TENSOR_EXTERNAL).stream())
                .filter(entry -> entry.text(ENTRY_KEY).equals("location"))
                .map(entry -> entry.text(ENTRY_VALUE))
                .collect(Collectors.toSet());
    }

    /** How many rows the table has in which an input's numbers are looked up; empty if they are not. */
    OptionalLong rowsLookedUpBy(String input) {
        Map<String, ProtoMessage> weights = weights();
        return nodes().stream()
                .filter(node -> node.text(NODE_OPERATOR).equals("Gather"))
                .map(node -> node.texts(NODE_INPUT))
                .filter(names -> names.size() == 2 && names.get(1).equals(input))
                .map(names -> Optional.ofNullable(weights.get(names.getFirst())))
                .flatMap(Optional::stream)
                .mapToLong(table -> table.numbers(TENSOR_DIMENSION).getFirst())
                .min();
    }
}
