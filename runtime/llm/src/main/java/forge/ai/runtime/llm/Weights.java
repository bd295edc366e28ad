package forge.ai.runtime.llm;

import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.TokenLogprob;
import java.util.List;
import java.util.Map;

/** About how many bytes things take in memory; a character counts as one, as most do. */
final class Weights {

    private static final int OBJECT = 100;

    private Weights() {}

    static long of(String... texts) {
        long bytes = OBJECT;
        for (String text : texts) {
            bytes += text.length();
        }
        return bytes;
    }

    static long of(Map<String, String> extensions) {
        return extensions.entrySet().stream()
                .mapToLong(e -> of(e.getKey(), e.getValue()))
                .sum();
    }

    static long of(List<Content> content) {
        return OBJECT + content.stream().mapToLong(Weights::of).sum();
    }

    private static long of(Content content) {
        return switch (content) {
            case Content.Text c -> of(c.text());
            case Content.ImageLink c -> of(c.uri().toString());
            case Content.Image c -> of(c.base64());
            case Content.ToolCall c -> of(c.id(), c.name(), c.arguments());
            case Content.ToolResult c -> of(c.content());
            case Content.Thinking c -> of(c.text(), c.signature(), c.redacted());
            case Content.Refusal c -> of(c.text());
            case Content.CachePoint c -> OBJECT;
            case Content.Extension c -> of(c.json());
        };
    }

    static long ofLogprobs(List<TokenLogprob> logprobs) {
        return logprobs.stream()
                .mapToLong(l -> OBJECT * (1L + l.alternatives().size()))
                .sum();
    }

    static long of(CompletionEvent event) {
        return switch (event) {
            case CompletionEvent.Started e -> of(e.id(), e.model());
            case CompletionEvent.TextDelta e -> of(e.text()) + ofLogprobs(e.logprobs());
            case CompletionEvent.ThinkingDelta e -> of(e.text());
            case CompletionEvent.ThinkingSignature e -> of(e.signature());
            case CompletionEvent.RefusalDelta e -> of(e.text());
            case CompletionEvent.ToolCallStarted e -> of(e.id(), e.name());
            case CompletionEvent.ToolCallDelta e -> of(e.arguments());
            case CompletionEvent.OnTheWire e -> of(e.wire().json());
            case CompletionEvent.Whole e -> of(e.content());
            case CompletionEvent.Finished e -> OBJECT + of(e.extensions());
        };
    }
}
