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
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a recorded response says, read in the simplest way: of a stream the finished items, those before the end and
 * those that come with it alone, and never the pieces.
 *
 * @param response as it is in the end
 * @param items of its output
 */
record ResponsesReading(JsonNode response, List<JsonNode> items) {

    static ResponsesReading of(Recording recording) throws IOException {
        if (!recording.stream()) {
            return new ResponsesReading(recording.json(), list(recording.json().path("output")));
        }
        TreeMap<Integer, JsonNode> done = new TreeMap<>();
        JsonNode last = new ObjectMapper().missingNode();
        for (String line : recording.text().split("\r?\n")) {
            if (line.startsWith("data:")) {
                JsonNode event = new ObjectMapper().readTree(line.substring(5));
                if (event.path("type").asText().equals("response.output_item.done")) {
                    done.put(event.path("output_index").asInt(), event.path("item"));
                }
                last = event;
            }
        }
        List<JsonNode> items = new ArrayList<>(done.values());
        List<JsonNode> all = list(last.at("/response/output"));
        for (int i = 0; i < all.size(); i++) {
            String id = all.get(i).path("id").asText();
            boolean came = done.containsKey(i)
                    || done.values().stream()
                            .anyMatch(d -> d.path("id").asText().equals(id));
            if (!came) {
                items.add(all.get(i));
            }
        }
        return new ResponsesReading(last.path("response"), items);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private Stream<JsonNode> of(String type) {
        return items.stream().filter(i -> i.path("type").asText().equals(type));
    }

    private String texts(String type) {
        return of("message")
                .flatMap(i -> list(i.path("content")).stream())
                .filter(p -> p.path("type").asText().equals(type))
                .map(p -> p.path(type.equals("refusal") ? "refusal" : "text").asText())
                .collect(Collectors.joining());
    }

    /** The vendor's own items, as they stand. */
    List<String> others() {
        return items.stream()
                .filter(i -> !List.of("message", "reasoning", "function_call")
                        .contains(i.path("type").asText()))
                .map(JsonNode::toString)
                .toList();
    }

    /** How many things the texts refer to. */
    int annotations() {
        return of("message")
                .flatMap(i -> list(i.path("content")).stream())
                .mapToInt(p -> p.path("annotations").size())
                .sum();
    }

    RecordedAnswer answer() {
        List<ToolCall> calls = of("function_call")
                .map(i -> new ToolCall(
                        i.path("call_id").asText(),
                        i.path("name").asText(),
                        i.path("arguments").asText()))
                .toList();
        String thinking = of("reasoning")
                .map(i -> list(i.path("summary")).stream()
                        .map(p -> p.path("text").asText())
                        .collect(Collectors.joining("\n\n")))
                .collect(Collectors.joining());
        List<String> proofs = of("reasoning")
                .filter(i -> i.path("encrypted_content").isTextual())
                .map(JsonNode::toString)
                .toList();
        return new RecordedAnswer(
                response.path("model").asText(),
                texts("output_text"),
                thinking,
                proofs,
                texts("refusal"),
                calls,
                finish(calls),
                usage());
    }

    private FinishReason finish(List<ToolCall> calls) {
        return switch (response.path("status").asText()) {
            case "completed", "complete" -> calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
            default ->
                throw new IllegalStateException(
                        "status " + response.path("status").asText());
        };
    }

    private Optional<Usage> usage() {
        JsonNode numbers = response.path("usage");
        long input = numbers.path("input_tokens").asLong();
        return Optional.of(numbers)
                .filter(JsonNode::isObject)
                .map(n -> new Usage(
                        input,
                        n.path("total_tokens").asLong() - input,
                        n.at("/input_tokens_details/cached_tokens").asLong(),
                        n.at("/input_tokens_details/cache_write_tokens").asLong(),
                        n.at("/output_tokens_details/reasoning_tokens").asLong()));
    }
}
