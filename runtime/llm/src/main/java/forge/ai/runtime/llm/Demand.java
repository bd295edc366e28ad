package forge.ai.runtime.llm;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import java.util.List;

/**
 * What a request needs of a model.
 *
 * @param vision whether it holds pictures
 * @param tools whether it offers tools
 * @param inputTokens about how many tokens go in: a quarter of the characters
 * @param windowTokens those of them that have to fit into the model's window together: of embeddings, the longest text
 * @param outputTokens about how many come out: the most that are allowed, or 500 where nothing is said
 */
record Demand(boolean vision, boolean tools, long inputTokens, long windowTokens, long outputTokens) {

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
        return new Demand(vision, !request.tools().isEmpty(), tokens(characters), tokens(characters), answer);
    }

    static Demand of(CompletionRequest request) {
        int answer = request.options().maxTokens().orElse(USUAL_ANSWER);
        long tokens = tokens(request.prompt().length());
        return new Demand(false, false, tokens, tokens, answer);
    }

    static Demand of(EmbeddingRequest request) {
        long characters = request.inputs().stream().mapToLong(String::length).sum();
        int longest = request.inputs().stream().mapToInt(String::length).max().orElse(0);
        return new Demand(false, false, tokens(characters), tokens(longest), 0);
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
