package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes answers to texts that are to be continued, whole ones and streamed ones. */
final class TextWriter {

    private static final String OBJECT = "text_completion";

    private final Answer answer;
    private final int texts;
    private final boolean includeUsage;
    private Usage total = Usage.of(0, 0);
    private int index;
    private int offset;

    TextWriter(String asked, int texts, boolean includeUsage) {
        this.answer = Answer.of("cmpl-", "", "", asked);
        this.texts = texts;
        this.includeUsage = includeUsage;
    }

    static Json.Document whole(List<Completion> completions, String asked) {
        Completion first = completions.getFirst();
        Answer answer = Answer.of("cmpl-", first.id(), first.model(), asked);
        return json -> {
            json.writeStartObject();
            AnswerFields.head(json, answer, OBJECT);
            json.writeArrayFieldStart("choices");
            Usage total = Usage.of(0, 0);
            for (int i = 0; i < completions.size(); i++) {
                Completion completion = completions.get(i);
                String reason = AnswerFields.reason(completion.finish(), completion.extensions());
                choice(json, i, completion.text(), completion.logprobs(), 0, reason);
                total = sum(total, completion.usage());
            }
            json.writeEndArray();
            AnswerFields.usage(json, Optional.of(total));
            AnswerFields.extensions(json, first.extensions());
            json.writeEndObject();
        };
    }

    /** The server-sent events for an event of the answer to one text after the other. */
    byte[] write(CompletionEvent event) {
        return switch (event) {
            case CompletionEvent.TextDelta e -> chunk(e.text(), e.logprobs(), "");
            case CompletionEvent.Whole(Content.Text(String text)) -> chunk(text, List.of(), "");
            case CompletionEvent.Finished e -> {
                total = sum(total, e.usage());
                ByteArrayOutputStream events = new ByteArrayOutputStream(512);
                events.writeBytes(chunk("", List.of(), AnswerFields.reason(e.reason(), e.extensions())));
                index++;
                offset = 0;
                if (includeUsage && index == texts) {
                    events.writeBytes(usage());
                }
                yield events.toByteArray();
            }
            default -> new byte[0];
        };
    }

    private byte[] chunk(String text, List<TokenLogprob> logprobs, String reason) {
        byte[] event = Sse.data(json -> {
            json.writeStartObject();
            AnswerFields.head(json, answer, OBJECT);
            json.writeArrayFieldStart("choices");
            choice(json, index, text, logprobs, offset, reason);
            json.writeEndArray();
            if (includeUsage) {
                json.writeNullField("usage");
            }
            json.writeEndObject();
        });
        offset += text.length();
        return event;
    }

    private byte[] usage() {
        return Sse.data(json -> {
            json.writeStartObject();
            AnswerFields.head(json, answer, OBJECT);
            json.writeArrayFieldStart("choices");
            json.writeEndArray();
            AnswerFields.usage(json, Optional.of(total));
            json.writeEndObject();
        });
    }

    private static Usage sum(Usage total, Optional<Usage> one) {
        return one.map(u -> new Usage(
                        total.inputTokens() + u.inputTokens(),
                        total.outputTokens() + u.outputTokens(),
                        total.cachedInputTokens() + u.cachedInputTokens(),
                        total.cacheWriteTokens() + u.cacheWriteTokens(),
                        total.reasoningTokens() + u.reasoningTokens()))
                .orElse(total);
    }

    private static void choice(
            JsonGenerator json, int index, String text, List<TokenLogprob> logprobs, int offset, String reason)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("text", text);
        json.writeNumberField("index", index);
        logprobs(json, logprobs, offset);
        if (reason.isEmpty()) {
            json.writeNullField("finish_reason");
        } else {
            json.writeStringField("finish_reason", reason);
        }
        json.writeEndObject();
    }

    private static void logprobs(JsonGenerator json, List<TokenLogprob> logprobs, int offset) throws IOException {
        if (logprobs.isEmpty()) {
            json.writeNullField("logprobs");
            return;
        }
        json.writeObjectFieldStart("logprobs");
        json.writeArrayFieldStart("tokens");
        for (TokenLogprob token : logprobs) {
            json.writeString(token.token());
        }
        json.writeEndArray();
        json.writeArrayFieldStart("token_logprobs");
        for (TokenLogprob token : logprobs) {
            json.writeNumber(AnswerFields.finite(token.logprob()));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("top_logprobs");
        for (TokenLogprob token : logprobs) {
            json.writeStartObject();
            for (TokenLogprob other : token.alternatives()) {
                json.writeNumberField(other.token(), AnswerFields.finite(other.logprob()));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("text_offset");
        int place = offset;
        for (TokenLogprob token : logprobs) {
            json.writeNumber(place);
            place += token.token().length();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
