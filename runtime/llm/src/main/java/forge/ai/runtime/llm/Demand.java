package forge.ai.runtime.llm;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Wire;
import forge.ai.api.llm.WireOnly;
import java.util.List;
import java.util.Optional;

/**
 * What a request needs of a model.
 *
 * @param vision whether it holds pictures
 * @param tools whether it offers tools
 * @param inputTokens about how many tokens go in: a quarter of the characters
 * @param windowTokens those of them that have to fit into the model's window together: of embeddings, the longest text
 * @param outputTokens about how many come out: the most that are allowed, or 500 where nothing is said
 * @param limited whether no more are allowed to come out
 * @param wireOnly what only providers of the dialect can hold
 * @param dialect in which the request came and can be sent on, or empty
 */
record Demand(
        boolean vision,
        boolean tools,
        long inputTokens,
        long windowTokens,
        long outputTokens,
        boolean limited,
        Optional<WireOnly> wireOnly,
        String dialect) {

    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int USUAL_ANSWER = 500;

    static Demand of(ChatRequest request) {
        boolean vision = request.messages().stream().anyMatch(m -> pictures(m.content()));
        long characters = request.messages().stream()
                .mapToLong(m -> characters(m.content()))
                .sum();
        for (var tool : request.tools()) {
            characters += tool.name().length()
                    + tool.description().length()
                    + tool.parameters().length();
        }
        int answer = request.options().maxTokens().orElse(USUAL_ANSWER);
        return new Demand(
                vision,
                !request.tools().isEmpty(),
                tokens(characters),
                tokens(characters),
                answer,
                request.options().maxTokens().isPresent(),
                request.wireOnly().or(() -> foreign(request)),
                request.wire().map(Wire::dialect).orElse(""));
    }

    static Demand of(CompletionRequest request) {
        int answer = request.options().maxTokens().orElse(USUAL_ANSWER);
        long tokens = tokens(request.prompt().length());
        return of(tokens, tokens, answer, request.options().maxTokens().isPresent());
    }

    static Demand of(EmbeddingRequest request) {
        long characters = request.inputs().stream().mapToLong(String::length).sum();
        int longest = request.inputs().stream().mapToInt(String::length).max().orElse(0);
        return of(tokens(characters), tokens(longest), 0, true);
    }

    private static Demand of(long inputTokens, long windowTokens, long outputTokens, boolean limited) {
        return new Demand(false, false, inputTokens, windowTokens, outputTokens, limited, Optional.empty(), "");
    }

    /** Content that only one dialect knows goes best where it is sent on as it came. */
    private static Optional<WireOnly> foreign(ChatRequest request) {
        return request.wire()
                // Those are read into the words of chats, which providers of either interface take.
                .filter(wire -> !wire.dialect().equals(Wire.OPENAI_RESPONSES))
                .flatMap(wire -> request.messages().stream()
                        .flatMap(m -> m.content().stream())
                        .filter(Content.Extension.class::isInstance)
                        .map(c -> new WireOnly(
                                "messages",
                                "there is content that only the dialect " + ((Content.Extension) c).dialect()
                                        + " knows"))
                        .findFirst());
    }

    /** Whether the provider can take the request as a whole. */
    boolean heldBy(LlmProvider provider) {
        return wireOnly.isEmpty() || (!dialect.isEmpty() && provider.passesThrough(dialect));
    }

    private static long tokens(long characters) {
        return characters / CHARACTERS_PER_TOKEN;
    }

    private static boolean pictures(List<Content> content) {
        return content.stream().anyMatch(c -> switch (c) {
            case Content.Image i -> true;
            case Content.ImageLink i -> true;
            case Content.ToolResult r -> pictures(r.content());
            default -> false;
        });
    }

    private static long characters(List<Content> content) {
        return content.stream()
                .mapToLong(c -> switch (c) {
                    case Content.Text t -> t.text().length();
                    case Content.Thinking t -> t.text().length();
                    case Content.ToolCall t -> t.name().length() + t.arguments().length();
                    case Content.ToolResult r -> characters(r.content());
                    default -> 0;
                })
                .sum();
    }
}
