package forge.ai.provider.local;

import forge.ai.provider.local.OnnxGraph.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A GPT in the form of an export with keys and values: the fixture tiny-gpt with its own weights, or a larger one with
 * random ones.
 */
final class CachedGpt {

    /** In what form. */
    enum Form {
        /** With a mask and positions, as Optimum exports today. */
        MASKED,
        /** Neither mask nor positions: it counts for itself. */
        BARE,
        /** As {@link #MASKED}, in one file with the form that has no tokens before. */
        MERGED,
        /** As {@link #MASKED}, with keys and values of half precision and of sizes that only config.json says. */
        HALF,
        /** Without keys and values: all is computed anew for each token. */
        PLAIN
    }

    /** How large it is; the middle of a block is twice as wide as its ends. */
    record Size(int layers, int heads, int size, int window) {
        int width() {
            return heads * size;
        }
    }

    private static final Size FIXTURE = new Size(2, 2, 24, 64);
    private static final int VOCABULARY = 477;

    private final OnnxGraph graph = new OnnxGraph();
    private final Form form;
    private final Size size;
    private final int width;

    private CachedGpt(Form form, Size size) {
        this.form = form;
        this.size = size;
        this.width = size.width();
    }

    /** Makes a folder like that of tiny-gpt. */
    static Path write(Path gpt, Path folder, Form form) throws IOException {
        Files.createDirectories(folder);
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(gpt.resolve(file), folder.resolve(file));
        }
        Map<String, byte[]> weights = OnnxGraph.weights(Files.readAllBytes(gpt.resolve("model.onnx")));
        String file = form == Form.MERGED ? "decoder_model_merged.onnx" : "model.onnx";
        CachedGpt model = new CachedGpt(form, FIXTURE);
        weights.values().forEach(model.graph::weight);
        Files.write(folder.resolve(file), model.build());
        return folder;
    }

    /** Makes a folder of a model of this size, which knows nothing. */
    static Path write(Path gpt, Path folder, Form form, Size size) throws IOException {
        Files.createDirectories(folder);
        Files.copy(gpt.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["GPT2LMHeadModel"], "n_positions": %d}""".formatted(size.window()));
        CachedGpt model = new CachedGpt(form, size);
        model.randomWeights(new Random(1));
        Files.write(folder.resolve("model.onnx"), model.build());
        return folder;
    }

    private void randomWeights(Random random) {
        graph.random("e.weight", random, VOCABULARY, width);
        graph.random("p.weight", random, size.window(), width);
        graph.random("n.weight", random, width);
        graph.random("n.bias", random, width);
        graph.random(matrix(size.layers(), 0), random, width, VOCABULARY);
        for (int layer = 0; layer < size.layers(); layer++) {
            for (String norm : List.of("n1", "n2")) {
                graph.random("b." + layer + "." + norm + ".weight", random, width);
                graph.random("b." + layer + "." + norm + ".bias", random, width);
            }
            graph.random("b." + layer + ".qkv.bias", random, 3 * width);
            graph.random("b." + layer + ".o.bias", random, width);
            graph.random("b." + layer + ".f1.bias", random, 2 * width);
            graph.random("b." + layer + ".f2.bias", random, width);
            graph.random(matrix(layer, 0), random, width, 3 * width);
            graph.random(matrix(layer, 1), random, width, width);
            graph.random(matrix(layer, 2), random, width, 2 * width);
            graph.random(matrix(layer, 3), random, 2 * width, width);
        }
    }

    /** The names that the fixture has for its matrices: queries to values, output, into the middle, out of it. */
    private static String matrix(int layer, int which) {
        return "onnx::MatMul_" + (255 + 7 * layer + (which == 0 ? 0 : which + 3));
    }

    private byte[] build() {
        graph.input("input_ids", OnnxGraph.INT64, "batch", "sequence");
        if (masked()) {
            graph.input("attention_mask", OnnxGraph.INT64, "batch", "total");
            graph.input("position_ids", OnnxGraph.INT64, "batch", "sequence");
        }
        if (form == Form.MERGED) {
            graph.input("use_cache_branch", OnnxGraph.BOOL, 1);
        }
        for (int layer = 0; form != Form.PLAIN && layer < size.layers(); layer++) {
            for (String kind : List.of("key", "value")) {
                boolean half = form == Form.HALF;
                Object[] past = half
                        ? new Object[] {"batch", "heads", "past", "size"}
                        : new Object[] {"batch", size.heads(), "past", size.size()};
                Object[] present = half ? past.clone() : new Object[] {"batch", size.heads(), "total", size.size()};
                int type = half ? OnnxGraph.FLOAT16 : OnnxGraph.FLOAT;
                graph.input("past_key_values." + layer + "." + kind, type, past);
                present[2] = "total";
                graph.output("present." + layer + "." + kind, type, present);
            }
        }
        graph.output("logits", OnnxGraph.FLOAT, "batch", "sequence", VOCABULARY);
        String before = form == Form.PLAIN ? graph.number(0) : dimension("past_key_values.0.key", 2);
        String all = op("Add", before, dimension("input_ids", 1));
        String positions = masked() ? "position_ids" : range(before, all);
        String bias = bias(before, all);
        String hidden = op("Add", op("Gather", "e.weight", "input_ids"), op("Gather", "p.weight", positions));
        for (int layer = 0; layer < size.layers(); layer++) {
            hidden = block(layer, hidden, bias);
        }
        graph.node("MatMul", new String[] {norm(hidden, "n"), matrix(size.layers(), 0)}, "logits");
        return graph.model();
    }

    /** What is added to the scores, so that no token looks at a later one or at what is no token. */
    private String bias(String before, String all) {
        String keys = op("Unsqueeze", range("zero", all), graph.numbers(0));
        String queries = op("Unsqueeze", range(before, all), graph.numbers(1));
        String bias = op("Mul", real(op("Greater", keys, queries)), graph.real(-10000));
        if (masked()) {
            String absent = op("Sub", graph.real(1), real("attention_mask"));
            String masked = op("Unsqueeze", op("Mul", absent, graph.real(-10000)), graph.numbers(1, 2));
            bias = op("Add", bias, masked);
        }
        return bias;
    }

    private String block(int layer, String in, String bias) {
        String name = "b." + layer + ".";
        String qkv = op("Add", op("MatMul", norm(in, name + "n1"), matrix(layer, 0)), name + "qkv.bias");
        String[] parts = new String[3];
        for (int part = 0; part < 3; part++) {
            String slice =
                    op("Slice", qkv, graph.numbers(part * width), graph.numbers((part + 1) * width), graph.numbers(2));
            String split = op("Reshape", slice, graph.numbers(0, 0, size.heads(), size.size()));
            parts[part] = graph.node("Transpose", new String[] {split}, Attribute.numbers("perm", 0, 2, 1, 3));
        }
        String key = joined("past_key_values." + layer + ".key", parts[1], "present." + layer + ".key");
        String value = joined("past_key_values." + layer + ".value", parts[2], "present." + layer + ".value");
        String turned = graph.node("Transpose", new String[] {key}, Attribute.numbers("perm", 0, 1, 3, 2));
        String scores =
                op("Add", op("Div", op("MatMul", parts[0], turned), graph.real((float) Math.sqrt(size.size()))), bias);
        String weights = graph.node("Softmax", new String[] {scores}, Attribute.number("axis", -1));
        String seen = graph.node(
                "Transpose", new String[] {op("MatMul", weights, value)}, Attribute.numbers("perm", 0, 2, 1, 3));
        String attended = op(
                "Add",
                op("MatMul", op("Reshape", seen, graph.numbers(0, 0, width)), matrix(layer, 1)),
                name + "o.bias");
        String middle = op("Add", in, attended);
        String wide = op("Add", op("MatMul", norm(middle, name + "n2"), matrix(layer, 2)), name + "f1.bias");
        String erf = op("Add", op("Erf", op("Div", wide, graph.real((float) Math.sqrt(2)))), graph.real(1));
        String active = op("Mul", op("Mul", wide, erf), graph.real(0.5f));
        return op("Add", middle, op("Add", op("MatMul", active, matrix(layer, 3)), name + "f2.bias"));
    }

    /** The tokens before and the new ones; also given out. */
    private String joined(String past, String fresh, String present) {
        if (form == Form.PLAIN) {
            return fresh;
        }
        String before = past;
        if (form == Form.HALF) {
            before = graph.node("Cast", new String[] {past}, Attribute.number("to", OnnxGraph.FLOAT));
        }
        if (form == Form.MERGED) {
            before = graph.node(
                    "If",
                    new String[] {"use_cache_branch"},
                    Attribute.graph("then_branch", branch(past, Long.MAX_VALUE)),
                    Attribute.graph("else_branch", branch(past, 0)));
        }
        Attribute tokens = Attribute.number("axis", 2);
        if (form == Form.HALF) {
            String all = graph.node("Concat", new String[] {before, fresh}, tokens);
            String half = graph.node("Cast", new String[] {all}, present, Attribute.number("to", OnnxGraph.FLOAT16));
            return graph.node("Cast", new String[] {half}, Attribute.number("to", OnnxGraph.FLOAT));
        }
        return graph.node("Concat", new String[] {before, fresh}, present, tokens);
    }

    /** As many of the tokens before. */
    private byte[] branch(String past, long tokens) {
        OnnxGraph branch = new OnnxGraph();
        String name = "taken." + past + tokens;
        String[] slice = {past, branch.numbers(0), branch.numbers(tokens), branch.numbers(2)};
        branch.node("Slice", slice, name);
        branch.output(name, OnnxGraph.FLOAT, "batch", size.heads(), "taken", size.size());
        return branch.graph();
    }

    private boolean masked() {
        return form != Form.BARE && form != Form.PLAIN;
    }

    private String norm(String in, String name) {
        return graph.node(
                "LayerNormalization",
                new String[] {in, name + ".weight", name + ".bias"},
                Attribute.number("axis", -1),
                Attribute.real("epsilon", 1e-5f));
    }

    private String dimension(String of, int axis) {
        return graph.node("Gather", new String[] {op("Shape", of), graph.number(axis)}, Attribute.number("axis", 0));
    }

    private String range(String from, String to) {
        return op("Range", from.equals("zero") ? graph.number(0) : from, to, graph.number(1));
    }

    private String real(String of) {
        return graph.node("Cast", new String[] {of}, Attribute.number("to", OnnxGraph.FLOAT));
    }

    private String op(String op, String... inputs) {
        return graph.node(op, inputs);
    }
}
