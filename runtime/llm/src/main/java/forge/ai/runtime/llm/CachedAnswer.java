package forge.ai.runtime.llm;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An answer to be given again, as the events that it came in or would have come in.
 *
 * @param whole the answer as a whole
 * @param events the same, piece by piece
 * @param by who gave it
 */
record CachedAnswer(Completion whole, List<CompletionEvent> events, Attribution by) {

    private static final int OBJECT = 100;

    CachedAnswer {
        events = List.copyOf(events);
    }

    static CachedAnswer of(Completion whole, Attribution by) {
        List<CompletionEvent> events = new ArrayList<>();
        CompletionStream.of(whole).forEachRemaining(events::add);
        return new CachedAnswer(whole, events, by);
    }

    static CachedAnswer of(List<CompletionEvent> events, Attribution by) {
        return new CachedAnswer(Completion.of(new ReplayedStream(events.iterator(), by)), events, by);
    }

    /** Whether it may be given again: not what was cut short or filtered, nor what a caller has to act upon. */
    static boolean keeps(Completion answer) {
        boolean ended = answer.finish() == FinishReason.STOP || answer.finish() == FinishReason.STOP_SEQUENCE;
        return ended && answer.toolCalls().isEmpty();
    }

    /** About the memory that it takes. */
    long bytes() {
        long bytes = OBJECT + of(whole.extensions()) + logprobs(whole.logprobs());
        for (Content content : whole.content()) {
            bytes += OBJECT + of(content);
        }
        bytes += whole.wire().map(w -> w.json().length()).orElse(0);
        for (CompletionEvent event : events) {
            bytes += of(event);
        }
        return bytes;
    }

    static long of(CompletionEvent event) {
        return OBJECT
                + switch (event) {
                    case CompletionEvent.TextDelta e -> e.text().length() + logprobs(e.logprobs());
                    case CompletionEvent.ThinkingDelta e -> e.text().length();
                    case CompletionEvent.ThinkingSignature e -> e.signature().length();
                    case CompletionEvent.RefusalDelta e -> e.text().length();
                    case CompletionEvent.ToolCallDelta e -> e.arguments().length();
                    case CompletionEvent.OnTheWire e -> e.wire().json().length();
                    case CompletionEvent.Whole e -> of(e.content());
                    case CompletionEvent.Finished e -> of(e.extensions());
                    default -> 0;
                };
    }

    private static long of(Content content) {
        return switch (content) {
            case Content.Text c -> c.text().length();
            case Content.Thinking c ->
                c.text().length() + c.signature().length() + c.redacted().length();
            case Content.Refusal c -> c.text().length();
            case Content.Extension c -> c.json().length();
            case Content.Image c -> c.base64().length();
            default -> OBJECT;
        };
    }

    private static long of(Map<String, String> extensions) {
        return extensions.entrySet().stream()
                .mapToLong(e -> OBJECT + e.getKey().length() + e.getValue().length())
                .sum();
    }

    private static long logprobs(List<TokenLogprob> logprobs) {
        return logprobs.stream()
                .mapToLong(l -> OBJECT * (1L + l.alternatives().size()))
                .sum();
    }
}
