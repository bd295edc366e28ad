package forge.ai.runtime.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.llm.Content.ToolCall;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a recorded answer in OpenAI's dialect says, read in the simplest way: the first choice is put together field by field, and of the
 * numbers the total counts.
 */
final class OpenAiReading {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder thinking = new StringBuilder();
    private final StringBuilder refusal = new StringBuilder();
    private final List<ToolCall> calls = new ArrayList<>();
    private String finish = "";
    private String model = "";
    private Optional<Usage> usage = Optional.empty();

    static RecordedAnswer of(Recording recording) throws IOException {
        OpenAiReading reading = new OpenAiReading();
        if (!recording.stream()) {
            reading.add(recording.json());
            return reading.answer();
        }
        for (String line : recording.text().split("\r?\n")) {
            if (line.startsWith("data:") && !line.contains("[DONE]")) {
                reading.add(new ObjectMapper().readTree(line.substring(5)));
            }
        }
        return reading.answer();
    }

    private RecordedAnswer answer() {
        return new RecordedAnswer(
                model, text.toString(), thinking.toString(), List.of(), refusal.toString(), calls, finish(), usage);
    }

    private void add(JsonNode answer) {
        JsonNode numbers = answer.path("usage");
        if (numbers.isObject()) {
            long input = numbers.path("prompt_tokens").asLong();
            usage = Optional.of(new Usage(
                    input,
                    numbers.path("total_tokens").asLong() - input,
                    numbers.path("prompt_tokens_details").path("cached_tokens").asLong(),
                    0,
                    numbers.path("completion_tokens_details")
                            .path("reasoning_tokens")
                            .asLong()));
        }
        for (JsonNode choice : answer.path("choices")) {
            if (choice.path("index").asInt() == 0) {
                model = model.isEmpty() ? answer.path("model").asText() : model;
                finish = choice.path("finish_reason").asText("");
                text.append(string(choice.path("text")));
                said(choice.has("delta") ? choice.path("delta") : choice.path("message"));
            }
        }
    }

    private void said(JsonNode message) {
        text.append(string(message.path("content")));
        refusal.append(string(message.path("refusal")));
        thinking.append(string(message.path("reasoning_content"))).append(string(message.path("reasoning")));
        for (JsonNode call : message.path("tool_calls")) {
            String id = string(call.path("id"));
            JsonNode function = call.path("function");
            String arguments = string(function.path("arguments"));
            boolean more =
                    !calls.isEmpty() && (id.isEmpty() || calls.getLast().id().equals(id));
            ToolCall last = more ? calls.removeLast() : new ToolCall(id, string(function.path("name")), "");
            calls.add(new ToolCall(last.id(), last.name(), last.arguments() + arguments));
        }
    }

    private static String string(JsonNode value) {
        return value.isTextual() ? value.textValue() : "";
    }

    private FinishReason finish() {
        return switch (finish) {
            case "stop" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case "tool_calls" -> FinishReason.TOOL_CALLS;
            case "content_filter" -> FinishReason.CONTENT_FILTER;
            default -> throw new IllegalStateException("finish reason " + finish);
        };
    }
}
