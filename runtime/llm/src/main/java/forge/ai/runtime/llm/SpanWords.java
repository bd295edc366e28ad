package forge.ai.runtime.llm;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.UsageEntry;
import forge.ai.api.llm.UsageEntry.Operation;
import forge.ai.api.llm.UsageEntry.Outcome;
import forge.ai.api.monitoring.Span;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What spans say of calls, in the words of OpenTelemetry's conventions for generative AI; what they have no word for is
 * called {@code forge}.
 */
final class SpanWords {

    static final String OPERATION = "gen_ai.operation.name";
    static final String PROVIDER = "gen_ai.provider.name";
    static final String MODEL = "gen_ai.request.model";
    static final String TOKEN_TYPE = "gen_ai.token.type";
    static final String ERROR = "error.type";
    static final String ROUTE = "forge.route";
    static final String KEY = "forge.key";

    /** What a call is named that counts tokens, for which there is no convention. */
    static final String COUNT = "count_tokens";

    private SpanWords() {}

    static String of(Operation operation) {
        return switch (operation) {
            case CHAT -> "chat";
            case COMPLETION -> "text_completion";
            case EMBEDDING -> "embeddings";
        };
    }

    static void describe(Completion answer, Span span) {
        if (span.recording()) {
            span.set("gen_ai.response.id", answer.id()).set("gen_ai.response.model", answer.model());
            finish(answer.finish(), span);
        }
    }

    static void describe(Embeddings answer, Span span) {
        span.set("gen_ai.response.model", answer.model());
    }

    static void describe(CompletionEvent event, Span span) {
        if (!span.recording()) {
            return;
        }
        switch (event) {
            case CompletionEvent.Started started ->
                span.set("gen_ai.response.id", started.id()).set("gen_ai.response.model", started.model());
            case CompletionEvent.Finished finished -> finish(finished.reason(), span);
            default -> {
                // The rest is content.
            }
        }
    }

    private static void finish(FinishReason reason, Span span) {
        span.set("gen_ai.response.finish_reasons", List.of(reason.name().toLowerCase(Locale.ROOT)));
    }

    /** What became of an attempt. */
    static void describe(UsageEntry entry, Span span) {
        span.set("gen_ai.usage.input_tokens", entry.usage().inputTokens())
                .set("gen_ai.usage.output_tokens", entry.usage().outputTokens())
                .set("forge.attempt", entry.attempt())
                .set("forge.usage.estimated", Boolean.toString(entry.estimated()))
                .set("forge.cost", entry.cost().doubleValue());
        entry.firstToken().ifPresent(time -> span.set("forge.time_to_first_chunk", seconds(time)));
        entry.error().ifPresent(code -> span.failed(code.name(), ""));
        if (entry.outcome() == Outcome.CANCELLED) {
            span.failed(Outcome.CANCELLED.name(), "");
        }
    }

    /** The same as the headers of an answer say. */
    static void describe(Attribution by, Span span) {
        span.set(PROVIDER, by.provider())
                .set("forge.model", by.model())
                .set(ROUTE, by.route())
                .set("forge.attempts", by.attempts())
                .set("forge.lost", seconds(by.lost()));
        if (by.cached()) {
            span.set("forge.cache", "hit");
        }
    }

    static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
