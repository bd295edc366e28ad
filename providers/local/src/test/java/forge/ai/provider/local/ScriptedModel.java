package forge.ai.provider.local;

import forge.ai.provider.local.OnnxGraph.Attribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A causal model that says the same whatever it is asked: what is to be said stands in its weights, by position. */
final class ScriptedModel {

    private static final int WINDOW = 512;
    private static final int VOCABULARY = 477;

    private ScriptedModel() {}

    /**
     * Makes a folder with the tokenizer of tiny-gpt.
     *
     * @param prompt what the script follows, as it is asked
     * @param script what is said, then the end
     */
    static Path write(Path gpt, Path folder, String template, String prompt, String script) throws IOException {
        Files.createDirectories(folder);
        Files.copy(gpt.resolve("tokenizer.json"), folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("chat_template.jinja"), template);
        Files.writeString(folder.resolve("config.json"), """
                {"architectures": ["GPT2LMHeadModel"], "n_positions": %d, "eos_token_id": 0}""".formatted(WINDOW));
        try (HubTokenizer tokenizer = new HubTokenizer(gpt.resolve("tokenizer.json"))) {
            int before = tokenizer.encode(prompt, false).length;
            int[] tokens = tokenizer.encode(script, false);
            int[] byPosition = new int[WINDOW];
            System.arraycopy(tokens, 0, byPosition, before - 1, tokens.length);
            Files.write(folder.resolve("model.onnx"), model(byPosition));
        }
        return folder;
    }

    /** Logits are 1 for the token of the position, else 0, in every row. */
    private static byte[] model(int[] tokens) {
        OnnxGraph graph = new OnnxGraph();
        graph.input("input_ids", OnnxGraph.INT64, "batch", "sequence");
        graph.output("logits", OnnxGraph.FLOAT, "batch", "sequence", VOCABULARY);
        String script = graph.numbers(Arrays.stream(tokens).asLongStream().toArray());
        String none = op(graph, "Mul", "input_ids", graph.number(0));
        String one = op(graph, "Add", none, graph.number(1));
        String counted = graph.node("CumSum", new String[] {one, graph.number(1)});
        String said = op(graph, "Gather", script, op(graph, "Sub", counted, graph.number(1)));
        String[] oneOfAll = {said, graph.number(VOCABULARY), graph.reals(0, 1)};
        graph.node("OneHot", oneOfAll, "logits", Attribute.number("axis", -1));
        return graph.model();
    }

    private static String op(OnnxGraph graph, String op, String... inputs) {
        return graph.node(op, inputs, new Attribute[0]);
    }
}
