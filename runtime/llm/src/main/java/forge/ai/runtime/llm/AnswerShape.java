package forge.ai.runtime.llm;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.TokenCount;
import forge.ai.api.llm.Usage;
import forge.ai.api.monitoring.Span;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * What can be said of whole answers of one kind.
 *
 * @param attribute puts on it who gave it
 * @param usage what it took, where the provider says so
 * @param characters how many were generated
 * @param describe says in a span what came
 */
record AnswerShape<T>(
        BiFunction<T, Attribution, T> attribute,
        Function<T, Optional<Usage>> usage,
        ToLongFunction<T> characters,
        BiConsumer<T, Span> describe) {

    static final AnswerShape<Completion> COMPLETION = new AnswerShape<>(
            Completion::withAttribution,
            Completion::usage,
            answer ->
                    answer.content().stream().mapToLong(AnswerShape::characters).sum(),
            SpanWords::describe);

    static final AnswerShape<Embeddings> EMBEDDINGS =
            new AnswerShape<>(Embeddings::withAttribution, Embeddings::usage, answer -> 0, SpanWords::describe);

    static final AnswerShape<TokenCount> COUNT =
            new AnswerShape<>((answer, by) -> answer, answer -> Optional.empty(), answer -> 0, (answer, span) -> {});

    static long characters(Content content) {
        return switch (content) {
            case Content.Text text -> text.text().length();
            case Content.Thinking thinking -> thinking.text().length();
            case Content.ToolCall call ->
                call.name().length() + call.arguments().length();
            default -> 0;
        };
    }
}
