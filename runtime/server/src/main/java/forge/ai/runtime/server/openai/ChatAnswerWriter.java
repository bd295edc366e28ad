package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Writes whole answers to chats. */
final class ChatAnswerWriter {

    private ChatAnswerWriter() {}

    /** The answer as it came, if it came in this dialect; else in its words. */
    static byte[] write(Completion completion, String asked) {
        return completion
                .wire()
                .filter(wire -> wire.dialect().equals(Wire.OPENAI_CHAT))
                .map(wire -> wire.json().getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> Json.write(document(completion, asked)));
    }

    private static Json.Document document(Completion completion, String asked) {
        Answer answer = Answer.of("chatcmpl-", completion.id(), completion.model(), asked);
        return json -> {
            json.writeStartObject();
            AnswerFields.head(json, answer, "chat.completion");
            json.writeArrayFieldStart("choices");
            json.writeStartObject();
            json.writeNumberField("index", 0);
            message(json, completion);
            AnswerFields.logprobs(json, completion.logprobs());
            json.writeStringField("finish_reason", AnswerFields.reason(completion.finish(), completion.extensions()));
            json.writeEndObject();
            json.writeEndArray();
            AnswerFields.usage(json, completion.usage());
            AnswerFields.extensions(json, completion.extensions());
            json.writeEndObject();
        };
    }

    private static void message(JsonGenerator json, Completion completion) throws IOException {
        List<Content.ToolCall> calls = completion.toolCalls();
        String refusal = joined(completion, Content.Refusal.class);
        String thinking = joined(completion, Content.Thinking.class);
        String text = completion.text();
        json.writeObjectFieldStart("message");
        json.writeStringField("role", "assistant");
        if (ContentParts.needed(completion.content())) {
            ContentParts.write(json, completion.content());
        } else if (text.isEmpty() && !(calls.isEmpty() && refusal.isEmpty())) {
            json.writeNullField("content");
        } else {
            json.writeStringField("content", text);
        }
        if (refusal.isEmpty()) {
            json.writeNullField("refusal");
        } else {
            json.writeStringField("refusal", refusal);
        }
        if (!thinking.isEmpty()) {
            json.writeStringField("reasoning_content", thinking);
        }
        List<Content.Thinking> proven = ThoughtDetails.proven(completion.content());
        if (!proven.isEmpty()) {
            ThoughtDetails.write(json, proven, 0);
        }
        if (!calls.isEmpty()) {
            calls(json, calls);
        }
        json.writeEndObject();
    }

    private static String joined(Completion completion, Class<? extends Content> kind) {
        return completion.content().stream()
                .filter(kind::isInstance)
                .map(c -> switch (c) {
                    case Content.Refusal refusal -> refusal.text();
                    case Content.Thinking thinking -> thinking.text();
                    default -> "";
                })
                .collect(Collectors.joining());
    }

    private static void calls(JsonGenerator json, List<Content.ToolCall> calls) throws IOException {
        json.writeArrayFieldStart("tool_calls");
        for (Content.ToolCall call : calls) {
            json.writeStartObject();
            json.writeStringField("id", call.id());
            json.writeStringField("type", "function");
            json.writeObjectFieldStart("function");
            json.writeStringField("name", call.name());
            json.writeStringField("arguments", call.arguments());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
