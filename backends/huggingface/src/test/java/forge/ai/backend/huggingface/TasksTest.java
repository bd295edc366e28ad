package forge.ai.backend.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.Cancellation;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSource;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import forge.ai.runtime.testkit.model.ModelFixtures;
import forge.ai.runtime.testkit.model.OnnxGraph;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tasks over networks that say of each token what the test wants: one table, from tokens to numbers. The tokenizer is
 * a real one; what is expected is worked out here from the numbers of the table.
 */
class TasksTest {

    private static final int VOCABULARY = 136;
    private static final int MASK = 4;

    @TempDir
    private Path folder;

    private final HuggingFaceBackend backend = HubBackends.over(new OnnxBackend());
    private final Path sentiment = ModelFixtures.folder("hf").resolve("tiny-sentiment");
    private final Map<String, Integer> vocabulary = new HashMap<>();

    @BeforeEach
    void readTokens() throws Exception {
        new ObjectMapper()
                .readTree(sentiment.resolve("tokenizer.json").toFile())
                .at("/model/vocab")
                .properties()
                .forEach(
                        entry -> vocabulary.put(entry.getKey(), entry.getValue().intValue()));
        assertThat(vocabulary).hasSize(VOCABULARY).containsEntry("[MASK]", MASK);
    }

    /** A table with so many numbers for each token, all of them alike but those given. */
    private float[] table(int columns, float usual, Map<String, float[]> rows) {
        float[] table = new float[VOCABULARY * columns];
        Arrays.fill(table, usual);
        rows.forEach((token, row) -> System.arraycopy(row, 0, table, vocabulary.get(token) * columns, columns));
        return table;
    }

    private static OnnxGraph graph() {
        return new OnnxGraph()
                .input("input_ids", OnnxGraph.INT64, "batch", "tokens")
                .input("attention_mask", OnnxGraph.INT64, "batch", "tokens");
    }

    /** Numbers for each token. */
    private static OnnxGraph tokens(int columns, float[] table) {
        return graph().floats("table", List.of(VOCABULARY, columns), table)
                .node("Gather", List.of("table", "input_ids"), "logits")
                .output("logits", OnnxGraph.FLOAT, "batch", "tokens", columns);
    }

    private LoadedModel load(OnnxGraph graph, String config, Map<String, String> parameters) throws Exception {
        Path version = Files.createTempDirectory(folder, "model");
        Files.copy(sentiment.resolve("tokenizer.json"), version.resolve("tokenizer.json"));
        Files.writeString(version.resolve("config.json"), config);
        Files.write(version.resolve("model.onnx"), graph.bytes());
        return backend.load(new ModelSource("m", 1, version, "cpu", 1, parameters));
    }

    private static Tensor list(String... texts) {
        return Tensor.ofStrings(new long[] {texts.length}, List.of(texts));
    }

    private static Map<String, Tensor> run(LoadedModel model, Map<String, Tensor> inputs) {
        return model.run(inputs, Set.of(), new Cancellation());
    }

    private static double softmax(double[] numbers, int of) {
        double sum = Arrays.stream(numbers).map(Math::exp).sum();
        return Math.exp(numbers[of]) / sum;
    }

    // Token classification.

    private static final String NAMES = """
            {"architectures": ["BertForTokenClassification"],
             "id2label": {"0": "O", "1": "B-THING", "2": "I-THING", "3": "B-MOOD"}}""";

    private JsonNode entities(String aggregation, String text) throws Exception {
        Map<String, float[]> rows = new LinkedHashMap<>();
        rows.put("phone", new float[] {0, 3, 0, 0});
        rows.put("keyboard", new float[] {0, 1, 3, 0});
        rows.put("great", new float[] {0, 0, 0, 4});
        // The pieces of "naive": the first says one thing, the others together another.
        rows.put("n", new float[] {0, 2, 0, 0});
        rows.put("##a", new float[] {0, 0, 0, 2});
        rows.put("##i", new float[] {0, 0, 0, 3});
        rows.put("##v", new float[] {0, 0, 0, 3});
        rows.put("##e", new float[] {0, 1, 0, 1});
        OnnxGraph graph = tokens(4, table(4, 0, rows));
        // What has no row is nothing by a little.
        try (LoadedModel model = load(graph, NAMES, Map.of("aggregation", aggregation))) {
            return new ObjectMapper()
                    .readTree(run(model, Map.of("text", list(text)))
                            .get("entities")
                            .toStrings()
                            .getFirst());
        }
    }

    @Test
    void entitiesAreTokensThatGoOnWithOneLabel() throws Exception {
        JsonNode found = entities("simple", "the phone keyboard is great 😀 phone phone");
        assertThat(found)
                .extracting(e ->
                        e.path("entity_group").asText() + ":" + e.path("word").asText())
                .containsExactly("THING:phone keyboard", "MOOD:great", "THING:phone", "THING:phone");
        double phone = softmax(new double[] {0, 3, 0, 0}, 1);
        double keyboard = softmax(new double[] {0, 1, 3, 0}, 2);
        assertThat(found.at("/0/score").asDouble()).isCloseTo((phone + keyboard) / 2, within(1e-6));
        assertThat(found.at("/0/start").asInt()).isEqualTo(4);
        assertThat(found.at("/0/end").asInt()).isEqualTo(18);
        // Counted in code points, as the reference library does.
        assertThat(found.at("/2/start").asInt()).isEqualTo(30);
    }

    @Test
    void withoutAggregationEachTokenStandsByItself() throws Exception {
        JsonNode found = entities("none", "phone keyboard");
        assertThat(found)
                .extracting(
                        e -> e.path("entity").asText() + ":" + e.path("index").asInt())
                .containsExactly("B-THING:1", "I-THING:2");
    }

    @Test
    void aWordHasTheLabelThatItsPiecesAgreeOn() throws Exception {
        assertThat(entities("first", "naive"))
                .extracting(e -> e.path("entity_group").asText())
                .containsExactly("THING");
        for (String aggregation : List.of("average", "max")) {
            JsonNode found = entities(aggregation, "naive");
            assertThat(found)
                    .extracting(e -> e.path("entity_group").asText())
                    .as(aggregation)
                    .containsExactly("MOOD");
            assertThat(found.at("/0/word").asText()).isEqualTo("naive");
        }
        assertThat(entities("max", "naive").at("/0/score").asDouble())
                .isCloseTo(softmax(new double[] {0, 0, 0, 3}, 3), within(1e-6));
    }

    // Fill mask.

    @Test
    void theLikeliestTokensFillAMask() throws Exception {
        float[] likely = new float[VOCABULARY];
        likely[vocabulary.get("great")] = 5;
        likely[vocabulary.get("horrible")] = 4;
        OnnxGraph graph = tokens(VOCABULARY, table(VOCABULARY, 0, Map.of("[MASK]", likely)));
        try (LoadedModel model = load(graph, "{\"architectures\": [\"BertForMaskedLM\"]}", Map.of("topK", "2"))) {
            Map<String, Tensor> filled = run(model, Map.of("text", list("the phone is [MASK]!", "[MASK] it is")));
            assertThat(filled.get("token").toStrings()).containsExactly("great", "horrible", "great", "horrible");
            assertThat(filled.get("sequence").toStrings())
                    .containsExactly("the phone is great!", "the phone is horrible!", "great it is", "horrible it is");
            double sum = Math.exp(5) + Math.exp(4) + VOCABULARY - 2;
            assertThat(filled.get("score").toFloats()[1]).isCloseTo((float) (Math.exp(4) / sum), within(1e-6f));
            assertThat(filled.get("id").toLongs()[0])
                    .isEqualTo(vocabulary.get("great").longValue());

            assertThatThrownBy(() -> run(model, Map.of("text", list("no mask"))))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("[MASK]");
            assertThatThrownBy(() -> run(model, Map.of("text", list("[MASK] [MASK]"))))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    // Question answering.

    private OnnxGraph spans(Map<String, Float> starts, Map<String, Float> ends) {
        Map<String, float[]> first = new HashMap<>();
        Map<String, float[]> last = new HashMap<>();
        starts.forEach((token, number) -> first.put(token, new float[] {number}));
        ends.forEach((token, number) -> last.put(token, new float[] {number}));
        return graph().floats("first", List.of(VOCABULARY), table(1, 0, first))
                .floats("last", List.of(VOCABULARY), table(1, 0, last))
                .node("Gather", List.of("first", "input_ids"), "start_logits")
                .node("Gather", List.of("last", "input_ids"), "end_logits")
                .output("start_logits", OnnxGraph.FLOAT, "batch", "tokens")
                .output("end_logits", OnnxGraph.FLOAT, "batch", "tokens");
    }

    private static final String ANSWERS =
            "{\"architectures\": [\"BertForQuestionAnswering\"], \"max_position_embeddings\": 32}";

    private static Map<String, Tensor> asked(String question, String context) {
        return Map.of("question", list(question), "context", list(context));
    }

    @Test
    void anAnswerIsTheBestSpanOfTheContext() throws Exception {
        OnnxGraph graph = spans(Map.of("horrible", 6f, "phone", 5f), Map.of("movie", 6f, "the", 4f));
        try (LoadedModel model = load(graph, ANSWERS, Map.of())) {
            // The question has the best tokens too, which do not count.
            Map<String, Tensor> answer = run(model, asked("what horrible movie", "😀 it was a horrible movie"));
            assertThat(answer.get("answer").toStrings()).containsExactly("horrible movie");
            assertThat(answer.get("start").toLongs()).containsExactly(11);
            assertThat(answer.get("end").toLongs()).containsExactly(25);
            // Seven tokens of the context count (the first is unknown), and the first of all.
            double one = Math.exp(6) / (Math.exp(6) + 6);
            assertThat(answer.get("score").toFloats()[0]).isCloseTo((float) (one * one), within(1e-4f));
        }
    }

    @Test
    void anAnswerFarBeyondTheWindowIsFoundWithItsPlace() throws Exception {
        OnnxGraph graph = spans(Map.of("horrible", 6f), Map.of("movie", 6f));
        String context = "the phone is great ".repeat(40) + "a horrible movie" + " it is great".repeat(40);
        try (LoadedModel model = load(graph, ANSWERS, Map.of())) {
            Map<String, Tensor> answer = run(model, asked("what is it", context));
            assertThat(answer.get("answer").toStrings()).containsExactly("horrible movie");
            assertThat(answer.get("start").toLongs()).containsExactly(context.indexOf("horrible"));
        }
    }

    @Test
    void anAnswerIsMadeOfWholeWordsAndNotTooLong() throws Exception {
        OnnxGraph pieces = spans(Map.of("##a", 6f), Map.of("##i", 6f));
        try (LoadedModel model = load(pieces, ANSWERS, Map.of())) {
            Map<String, Tensor> answer = run(model, asked("what", "it is naive so"));
            assertThat(answer.get("answer").toStrings()).containsExactly("naive");
        }
        OnnxGraph far = spans(Map.of("the", 6f, "great", 3f), Map.of("movie", 6f));
        try (LoadedModel model = load(far, ANSWERS, Map.of("maxAnswerTokens", "2"))) {
            Map<String, Tensor> answer = run(model, asked("what", "the phone is great movie"));
            assertThat(answer.get("answer").toStrings()).containsExactly("great movie");
        }
    }

    @Test
    void aQuestionThatFillsTheWindowAndAnEmptyContextAreRefused() throws Exception {
        try (LoadedModel model = load(spans(Map.of(), Map.of()), ANSWERS, Map.of())) {
            assertThatThrownBy(() -> run(model, asked("the phone ".repeat(40), "it is great")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("too long");
            assertThatThrownBy(() -> run(model, asked("what", " "))).isInstanceOf(InvalidRequestException.class);
        }
    }

    // Zero-shot classification and similarity.

    /** The mean of the numbers of all tokens. */
    private static OnnxGraph means(int columns, float[] table) {
        return graph().floats("table", List.of(VOCABULARY, columns), table)
                .node("Gather", List.of("table", "input_ids"), "each")
                .node("ReduceMean", List.of("each"), List.of("logits"), Map.of("axes", List.of(1), "keepdims", 0))
                .output("logits", OnnxGraph.FLOAT, "batch", columns);
    }

    private static final String INFERENCE = """
            {"architectures": ["BertForSequenceClassification"],
             "id2label": {"0": "CONTRADICTION", "1": "NEUTRAL", "2": "ENTAILMENT"}}""";

    private LoadedModel entailing(Map<String, String> parameters) throws Exception {
        Map<String, float[]> rows = Map.of(
                "phone", new float[] {0, 0, 80}, "movie", new float[] {40, 0, 40}, "camera", new float[] {80, 0, 0});
        Map<String, String> all = new HashMap<>(parameters);
        all.put("task", "zero-shot-classification");
        all.put("template", "it is {}");
        return load(means(3, table(3, 0, rows)), INFERENCE, all);
    }

    @Test
    void aLabelCountsAsMuchAsTheTextEntailsIt() throws Exception {
        // Eight tokens a row: [CLS] the [SEP] it is LABEL [SEP] makes seven; each number counts a seventh.
        double phone = 80 / 7.0;
        double movie = 40 / 7.0;
        try (LoadedModel model = entailing(Map.of())) {
            Map<String, Tensor> inputs = Map.of("text", list("the", "the"), "labels", list("movie", "camera", "phone"));
            Map<String, Tensor> outputs = run(model, inputs);
            assertThat(outputs.get("labels").toStrings())
                    .containsExactly("phone", "movie", "camera", "phone", "movie", "camera");
            assertThat(outputs.get("labels").shape()).containsExactly(2, 3);
            assertThat(outputs.get("scores").toFloats()[1])
                    .isCloseTo((float) softmax(new double[] {phone, movie, 0}, 1), within(1e-5f));
        }
        try (LoadedModel model = entailing(Map.of("multiLabel", "true", "labels", "movie, camera"))) {
            Map<String, Tensor> outputs = run(model, Map.of("text", list("the")));
            assertThat(outputs.get("labels").toStrings()).containsExactly("movie", "camera");
            assertThat(outputs.get("scores").toFloats()[0]).isCloseTo(0.5f, within(1e-5f));
            assertThat(outputs.get("scores").toFloats()[1])
                    .isCloseTo((float) (1 / (1 + Math.exp(80 / 7.0))), within(1e-5f));
        }
        assertThatThrownBy(() -> entailing(Map.of("multiLabel", "maybe"))).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void sentencesAreAsNearAsTheirVectors() throws Exception {
        Path version = Files.createTempDirectory(folder, "embedding");
        for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.onnx")) {
            Files.copy(ModelFixtures.folder("hf").resolve("tiny-embedding").resolve(file), version.resolve(file));
        }
        try (LoadedModel vectors = backend.load(new ModelSource("m", 1, version, "cpu", 1, Map.of()));
                LoadedModel near = backend.load(
                        new ModelSource("m", 1, version, "cpu", 1, Map.of("task", "sentence-similarity")))) {
            String[] texts = {"the phone is great", "what a horrible movie", "the phone is great", "my camera"};
            float[] all =
                    run(vectors, Map.of("text", list(texts))).get("embedding").toFloats();
            Map<String, Tensor> outputs =
                    run(near, Map.of("text", list(texts[0]), "sentences", list(texts[1], texts[2], texts[3])));
            float[] similarities = outputs.get("similarity").toFloats();
            assertThat(outputs.get("similarity").shape()).containsExactly(1, 3);
            int features = all.length / texts.length;
            for (int i = 0; i < 3; i++) {
                double product = 0;
                for (int j = 0; j < features; j++) {
                    product += all[j] * all[(i + 1) * features + j];
                }
                assertThat(similarities[i]).isCloseTo((float) product, within(1e-5f));
            }
            assertThat(similarities[1]).isCloseTo(1, within(1e-5f));
        }
    }
}
