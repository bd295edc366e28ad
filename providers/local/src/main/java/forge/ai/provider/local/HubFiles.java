package forge.ai.provider.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the files beside a model say of it, in the layout of the Hugging Face Hub.
 *
 * @param task what the model is for
 * @param contextTokens the size of its context window
 * @param beginToken the token a text may begin with, if there is one
 * @param endTokens the tokens that end an answer
 * @param sampling how it wants its tokens chosen
 * @param chat in what form it wants conversations
 * @param pooling how the vectors of tokens become one
 * @param heads of keys and values
 */
record HubFiles(
        Task task,
        int contextTokens,
        OptionalInt beginToken,
        Set<Integer> endTokens,
        Sampling sampling,
        ChatTemplates chat,
        Pooling pooling,
        Heads heads) {

    static final String TOKENIZER = "tokenizer.json";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WINDOW_KEYS =
            List.of("n_positions", "max_position_embeddings", "n_ctx", "seq_length", "max_seq_len");

    /** What a model is for. */
    enum Task {
        GENERATION,
        EMBEDDING
    }

    /** How the vectors of the tokens of a text become the vector of the text. */
    enum Pooling {
        MEAN,
        CLS,
        MAX
    }

    /**
     * The heads of keys and values in a layer.
     *
     * @param count how many, 0 if the files do not say
     * @param size the numbers of a token in one, 0 if the files do not say
     */
    record Heads(int count, int size) {

        private static final List<String> QUERIES = List.of("num_attention_heads", "n_head", "num_heads", "n_heads");
        private static final List<String> KEYS = List.of("num_key_value_heads", "num_kv_heads", "n_head_kv");
        private static final List<String> WIDTHS = List.of("hidden_size", "n_embd", "d_model");

        /** Groups of queries may share a head of keys and values (Ainslie et al., GQA, EMNLP 2023). */
        static Heads of(JsonNode config) {
            int queries = first(config, QUERIES);
            int keys = first(config, KEYS);
            int size = config.path("head_dim").asInt(0);
            if (size == 0 && queries > 0) {
                size = first(config, WIDTHS) / queries;
            }
            return new Heads(keys > 0 ? keys : queries, size);
        }

        private static int first(JsonNode config, List<String> keys) {
            return keys.stream()
                    .map(config::path)
                    .filter(JsonNode::isInt)
                    .mapToInt(JsonNode::intValue)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Reads a folder; empty if it is not that of a causal language model or an embedding model. */
    static Optional<HubFiles> read(Path folder) {
        if (!Files.exists(folder.resolve("config.json")) || !Files.exists(folder.resolve(TOKENIZER))) {
            return Optional.empty();
        }
        JsonNode config = json(folder.resolve("config.json"));
        JsonNode tokenizer = json(folder.resolve("tokenizer_config.json"));
        JsonNode generation = json(folder.resolve("generation_config.json"));
        return task(config, folder)
                .map(task -> new HubFiles(
                        task,
                        window(config, tokenizer),
                        config.path("bos_token_id").isInt()
                                ? OptionalInt.of(config.path("bos_token_id").intValue())
                                : OptionalInt.empty(),
                        endTokens(config, generation),
                        sampling(generation),
                        ChatTemplates.of(tokenizer, folder),
                        pooling(json(folder.resolve("1_Pooling/config.json"))),
                        Heads.of(config)));
    }

    /** The size of the model itself in bytes, as near as its files tell. */
    static long weights(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().contains(".onnx"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + folder);
        }
    }

    /** A JSON file; a missing one reads as an empty object. */
    static JsonNode json(Path file) {
        try {
            return Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
        } catch (IOException e) {
            throw new InvalidRequestException("cannot read " + file + " as JSON");
        }
    }

    private static Optional<Task> task(JsonNode config, Path folder) {
        String architecture = config.path("architectures").path(0).asText();
        if (architecture.endsWith("ForCausalLM") || architecture.endsWith("LMHeadModel")) {
            return Optional.of(Task.GENERATION);
        }
        boolean plain = architecture.endsWith("Model") || Files.exists(folder.resolve("1_Pooling/config.json"));
        return plain ? Optional.of(Task.EMBEDDING) : Optional.empty();
    }

    /** The window of the network; where the tokenizer allows for less, as sentence transformers do, that. */
    private static int window(JsonNode config, JsonNode tokenizer) {
        int positions = WINDOW_KEYS.stream()
                .map(config::path)
                .filter(JsonNode::isInt)
                .mapToInt(JsonNode::intValue)
                .findFirst()
                .orElse(Integer.MAX_VALUE);
        // Transformers writes 1e30 for "no limit".
        double limit = tokenizer.path("model_max_length").asDouble(Integer.MAX_VALUE);
        int window = (int) Math.min(positions, limit);
        return window == Integer.MAX_VALUE ? 2048 : window;
    }

    private static Set<Integer> endTokens(JsonNode config, JsonNode generation) {
        Set<Integer> ends = new LinkedHashSet<>();
        for (JsonNode value : List.of(config.path("eos_token_id"), generation.path("eos_token_id"))) {
            if (value.isInt()) {
                ends.add(value.intValue());
            }
            value.forEach(one -> ends.add(one.intValue()));
        }
        return Set.copyOf(ends);
    }

    private static Sampling sampling(JsonNode generation) {
        boolean draws = generation.path("do_sample").booleanValue();
        int topK = generation.path("top_k").asInt(0);
        return new Sampling(
                draws ? generation.path("temperature").asDouble(1) : 0,
                draws && topK > 0 ? topK : Integer.MAX_VALUE,
                draws ? generation.path("top_p").asDouble(1) : 1,
                draws ? generation.path("min_p").asDouble(0) : 0,
                generation.path("repetition_penalty").asDouble(1),
                0,
                0,
                OptionalLong.empty());
    }

    private static Pooling pooling(JsonNode pooling) {
        if (pooling.path("pooling_mode_cls_token").booleanValue()) {
            return Pooling.CLS;
        }
        return pooling.path("pooling_mode_max_tokens").booleanValue() ? Pooling.MAX : Pooling.MEAN;
    }
}
