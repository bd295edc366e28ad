package forge.ai.itest.dialects;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Stands in for a model, which it is not: what it says follows by rules from the conversation, the tools, the format and
 * the limits that reach it, see {@link Script}. Tests against it prove the dialects and the clients, not a model.
 */
final class ScriptedModel implements LlmProvider {

    private final Script script = Script.load();

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("m"), LlmModel.of("other"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        return Completion.of(streamChat(request));
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        List<CompletionEvent> events = new ArrayList<>();
        events.add(new CompletionEvent.Started("scripted-1", request.model()));
        List<Content.ToolCall> calls = script.calls(request);
        if (calls.isEmpty()) {
            say(script.text(request), request, events);
        } else {
            call(calls, request, events);
        }
        return stream(events.iterator());
    }

    private static void say(String text, ChatRequest request, List<CompletionEvent> events) {
        GenerationOptions options = request.options();
        Optional<String> stop = options.stop().stream()
                .filter(text::contains)
                .min((a, b) -> Integer.compare(text.indexOf(a), text.indexOf(b)));
        List<String> tokens =
                tokens(stop.map(s -> text.substring(0, text.indexOf(s))).orElse(text));
        int limit = Math.min(options.maxTokens().orElse(Integer.MAX_VALUE), tokens.size());
        tokens.subList(0, limit).forEach(token -> events.add(new CompletionEvent.TextDelta(token)));
        FinishReason reason = limit < tokens.size()
                ? FinishReason.LENGTH
                : stop.isPresent() ? FinishReason.STOP_SEQUENCE : FinishReason.STOP;
        events.add(new CompletionEvent.Finished(reason, stop.orElse(""), usage(request, limit), Map.of()));
    }

    private static void call(List<Content.ToolCall> calls, ChatRequest request, List<CompletionEvent> events) {
        for (int i = 0; i < calls.size(); i++) {
            Content.ToolCall call = calls.get(i);
            events.add(new CompletionEvent.ToolCallStarted(i, call.id(), call.name()));
            for (String part : call.arguments().split("(?<=:)")) {
                events.add(new CompletionEvent.ToolCallDelta(i, part));
            }
        }
        events.add(new CompletionEvent.Finished(FinishReason.TOOL_CALLS, usage(request, calls.size())));
    }

    private static Optional<Usage> usage(ChatRequest request, int output) {
        String heard = request.messages().stream().map(Message::text).collect(Collectors.joining(" "));
        return Optional.of(Usage.of(tokens(heard).size(), output));
    }

    private static List<String> tokens(String text) {
        return List.of(text.split("(?<=[ :])"));
    }

    /** A vector that the text alone decides, of the length that is asked for. */
    @Override
    public Embeddings embed(EmbeddingRequest request) {
        List<float[]> vectors = request.inputs().stream()
                .map(input -> vector(input, request.dimensions().orElse(8)))
                .toList();
        int tokens = request.inputs().stream()
                .mapToInt(input -> tokens(input).size())
                .sum();
        return new Embeddings(request.model(), vectors, Optional.of(Usage.of(tokens, 0)));
    }

    private static float[] vector(String input, int dimensions) {
        Random random = new Random(input.hashCode());
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = random.nextFloat(-1, 1);
        }
        return vector;
    }

    private static CompletionStream stream(Iterator<CompletionEvent> events) {
        return new CompletionStream() {
            @Override
            public boolean hasNext() {
                return events.hasNext();
            }

            @Override
            public CompletionEvent next() {
                return events.next();
            }

            @Override
            public void close() {}
        };
    }
}
