package forge.ai.backend.onnxoptimize;

import forge.ai.api.UnsupportedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has matrices of weights multiplied as 8-bit integers, with inputs that are rounded when they come: in the place of
 * MatMul and Gemm stand DynamicQuantizeLinear, MatMulInteger and what scales its result. Everything else, convolutions
 * among it, and graphs inside of nodes stay as they are.
 */
final class DynamicQuantizer {

    private static final int OPSET = 11;
    private static final int UINT8 = 2;
    private static final String PREFIX = "forge_int8_";

    private final OnnxFile file;
    private final Map<String, ProtoMessage> weights;
    private final Map<String, RoundedNames> rounded = new HashMap<>();
    private final Set<String> roundedInputs = new HashSet<>();
    private final List<ProtoMessage> nodes = new ArrayList<>();
    private int replaced;

    /** The names of rounded weights and their scales. */
    private record RoundedNames(String values, String scales) {}

    private DynamicQuantizer(OnnxFile file) {
        this.file = file;
        this.weights = file.weights();
    }

    /**
     * Changes the graph.
     *
     * @return how many multiplications were replaced
     * @throws UnsupportedException if its operators are too old
     */
    static int quantize(OnnxFile file) {
        if (file.opset() < OPSET) {
            throw new UnsupportedException(
                    "int8 needs operators of version %d; the model's are of version %d".formatted(OPSET, file.opset()));
        }
        DynamicQuantizer quantizer = new DynamicQuantizer(file);
        file.nodes().forEach(quantizer::replace);
        if (quantizer.replaced > 0) {
            quantizer.finish();
        }
        return quantizer.replaced;
    }

    private void finish() {
        file.nodes(nodes);
        file.add(tensor(PREFIX + "zero", UINT8, ByteBuffer.wrap(new byte[] {(byte) RoundedWeights.ZERO})));
    }

    private void replace(ProtoMessage node) {
        boolean standard = node.text(OnnxFile.NODE_DOMAIN).isEmpty()
                || node.text(OnnxFile.NODE_DOMAIN).equals("ai.onnx");
        boolean done = standard
                && switch (node.text(OnnxFile.NODE_OPERATOR)) {
                    case "MatMul" -> multiply(node, false, 1, "");
                    case "Gemm" -> gemm(node);
                    default -> false;
                };
        if (!done) {
            nodes.add(node);
        }
    }

    private boolean gemm(ProtoMessage node) {
        float alpha = floatAttribute(node, "alpha");
        float beta = floatAttribute(node, "beta");
        List<String> inputs = node.texts(OnnxFile.NODE_INPUT);
        String bias = inputs.size() > 2 ? inputs.get(2) : "";
        if (intAttribute(node, "transA") != 0 || (!bias.isEmpty() && beta != 1)) {
            return false;
        }
        return multiply(node, intAttribute(node, "transB") != 0, alpha, bias);
    }

    private static Optional<ProtoMessage> attribute(ProtoMessage node, String name) {
        return node.messages(OnnxFile.NODE_ATTRIBUTE).stream()
                .filter(attribute -> attribute.text(OnnxFile.ATTRIBUTE_NAME).equals(name))
                .findFirst();
    }

    private static float floatAttribute(ProtoMessage node, String name) {
        int one = Float.floatToIntBits(1);
        return Float.intBitsToFloat((int) (long) attribute(node, name)
                .map(a -> a.number(OnnxFile.ATTRIBUTE_FLOAT, one))
                .orElse((long) one));
    }

    private static long intAttribute(ProtoMessage node, String name) {
        return attribute(node, name)
                .map(a -> a.number(OnnxFile.ATTRIBUTE_INT, 0))
                .orElse(0L);
    }

    private boolean multiply(ProtoMessage node, boolean transposed, float factor, String bias) {
        String input = node.texts(OnnxFile.NODE_INPUT).get(0);
        String matrix = node.texts(OnnxFile.NODE_INPUT).get(1);
        String output = node.texts(OnnxFile.NODE_OUTPUT).getFirst();
        ProtoMessage tensor = weights.get(matrix);
        Optional<RoundedNames> names =
                tensor == null || weights.containsKey(input) ? Optional.empty() : round(tensor, transposed, factor);
        if (names.isEmpty()) {
            return false;
        }
        String of = PREFIX + replaced++;
        round(input);
        add(
                "MatMulInteger",
                of + "_product",
                input + "_" + PREFIX + "value",
                names.get().values(),
                input + "_" + PREFIX + "zero",
                PREFIX + "zero");
        add("Cast", of + "_cast", of + "_product")
                .add(OnnxFile.NODE_ATTRIBUTE, new ProtoMessage())
                .with(OnnxFile.ATTRIBUTE_NAME, "to")
                .with(OnnxFile.ATTRIBUTE_INT, RoundedWeights.FLOAT)
                .with(OnnxFile.ATTRIBUTE_TYPE, 2);
        add("Mul", of + "_scale", input + "_" + PREFIX + "scale", names.get().scales());
        add("Mul", bias.isEmpty() ? output : of + "_scaled", of + "_cast", of + "_scale");
        if (!bias.isEmpty()) {
            add("Add", output, of + "_scaled", bias);
        }
        return true;
    }

    private Optional<RoundedNames> round(ProtoMessage tensor, boolean transposed, float factor) {
        String name = tensor.text(OnnxFile.TENSOR_NAME);
        String key = name + (transposed ? "_transposed" : "") + (factor == 1 ? "" : "_" + factor);
        RoundedNames known = rounded.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        return RoundedWeights.of(tensor, transposed, factor).map(weights -> {
            RoundedNames names = new RoundedNames(key + "_" + PREFIX + "values", key + "_" + PREFIX + "scales");
            file.add(tensor(names.values, UINT8, ByteBuffer.wrap(weights.values()), weights.rows(), weights.columns()));
            file.add(tensor(names.scales, RoundedWeights.FLOAT, weights.scaleBytes(), weights.columns()));
            rounded.put(key, names);
            return names;
        });
    }

    private static ProtoMessage tensor(String name, int type, ByteBuffer bytes, long... dimensions) {
        ProtoMessage tensor = new ProtoMessage();
        for (long dimension : dimensions) {
            tensor.with(OnnxFile.TENSOR_DIMENSION, dimension);
        }
        return tensor.with(OnnxFile.TENSOR_TYPE, type)
                .with(OnnxFile.TENSOR_NAME, name)
                .with(OnnxFile.TENSOR_RAW, bytes);
    }

    /** Rounds an input once, however many weights it is multiplied with. */
    private void round(String input) {
        if (roundedInputs.add(input)) {
            add("DynamicQuantizeLinear", input + "_" + PREFIX + "value", input)
                    .with(OnnxFile.NODE_OUTPUT, input + "_" + PREFIX + "scale")
                    .with(OnnxFile.NODE_OUTPUT, input + "_" + PREFIX + "zero");
        }
    }

    private ProtoMessage add(String operator, String output, String... inputs) {
        ProtoMessage node = new ProtoMessage()
                .with(OnnxFile.NODE_OPERATOR, operator)
                .with(OnnxFile.NODE_NAME, output + "_node")
                .with(OnnxFile.NODE_OUTPUT, output);
        for (String input : inputs) {
            node.with(OnnxFile.NODE_INPUT, input);
        }
        nodes.add(node);
        return node;
    }
}
