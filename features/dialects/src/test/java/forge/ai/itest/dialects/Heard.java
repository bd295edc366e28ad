package forge.ai.itest.dialects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What an answer says, however it is cut into pieces.
 *
 * @param proofs the signatures of thoughts and the encrypted thoughts, in order
 * @param calls of tools: id, name, and arguments as JSON, or as text where they are none
 */
record Heard(
        String text,
        String refusal,
        String thinking,
        List<String> proofs,
        List<List<Object>> calls,
        FinishReason finish,
        Usage usage) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Heard of(Completion completion) {
        StringBuilder refusal = new StringBuilder();
        StringBuilder thinking = new StringBuilder();
        List<String> proofs = new ArrayList<>();
        List<List<Object>> calls = new ArrayList<>();
        for (Content content : completion.content()) {
            switch (content) {
                case Content.Refusal no -> refusal.append(no.text());
                case Content.Thinking thought -> {
                    thinking.append(thought.text());
                    proofs.add(thought.signature() + thought.redacted());
                }
                case Content.ToolCall call -> calls.add(List.of(call.id(), call.name(), json(call.arguments())));
                default -> {}
            }
        }
        proofs.removeIf(String::isEmpty);
        return new Heard(
                completion.text(),
                refusal.toString(),
                thinking.toString(),
                proofs,
                calls,
                completion.finish(),
                completion.usage().orElse(Usage.of(0, 0)));
    }

    private static Object json(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return node.isObject() ? node : text;
        } catch (IOException e) {
            return text;
        }
    }

    /** Whether all calls have arguments that are objects. */
    boolean sound() {
        return calls.stream().allMatch(call -> call.get(2) instanceof JsonNode);
    }

    /** As much of it as a dialect can say. */
    Heard in(String dialect) {
        return switch (dialect) {
            case "openai" ->
                new Heard(
                        text,
                        refusal,
                        thinking,
                        List.of(),
                        calls,
                        switch (finish) {
                            case STOP_SEQUENCE, PAUSE, REFUSAL -> FinishReason.STOP;
                            default -> finish;
                        },
                        new Usage(
                                usage.inputTokens(),
                                usage.outputTokens(),
                                usage.cachedInputTokens(),
                                0,
                                usage.reasoningTokens()));
            case "anthropic" ->
                new Heard(
                        text + refusal,
                        "",
                        thinking,
                        proofs,
                        calls,
                        switch (finish) {
                            case STOP ->
                                !calls.isEmpty()
                                        ? FinishReason.TOOL_CALLS
                                        : refusal.isEmpty() ? FinishReason.STOP : FinishReason.REFUSAL;
                            case CONTENT_FILTER -> FinishReason.REFUSAL;
                            default -> finish;
                        },
                        // Input from the cache is counted apart there; where a vendor counts more of it than of all
                        // input, it alone is what can be said.
                        new Usage(
                                Math.max(usage.inputTokens(), usage.cachedInputTokens() + usage.cacheWriteTokens()),
                                usage.outputTokens(),
                                usage.cachedInputTokens(),
                                usage.cacheWriteTokens(),
                                usage.reasoningTokens()));
            // Encrypted thoughts were not asked for.
            case "responses" ->
                new Heard(
                        text,
                        refusal,
                        thinking,
                        List.of(),
                        calls,
                        switch (finish) {
                            case LENGTH, CONTENT_FILTER -> finish;
                            default -> calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
                        },
                        usage);
            default ->
                new Heard(
                        text + refusal,
                        "",
                        thinking,
                        List.of(),
                        calls,
                        switch (finish) {
                            case LENGTH -> FinishReason.LENGTH;
                            case CONTENT_FILTER -> FinishReason.OTHER;
                            case OTHER -> FinishReason.OTHER;
                            default -> calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
                        },
                        Usage.of(usage.inputTokens(), usage.outputTokens()));
        };
    }
}
