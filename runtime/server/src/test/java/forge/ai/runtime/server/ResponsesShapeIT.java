package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingSignature;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.llm.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What OpenAI and Azure once streamed, said again by a provider here: the same events in the same order, field by field. */
@Timeout(60)
class ResponsesShapeIT {

    /** Fields that say something of the vendor's own service, or of parts that no chat has. */
    private static final Set<String> THEIRS = Set.of(
            "obfuscation",
            "phase",
            "billing",
            "copilot_usage",
            "moderation",
            "prompt_cache_retention",
            "tool_usage",
            "content_filters",
            "encrypted_content",
            "context",
            "mode",
            "conversation",
            "presence_penalty",
            "frequency_penalty",
            "content");

    @TempDir
    private static Path folder;

    private static final AnsweringProvider MODEL = new AnsweringProvider();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("p", MODEL);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    static Stream<Recording> streams() {
        return Recording.in("openai/responses", "openai/responses-raw", "azure/responses-raw").stream()
                .filter(Recording::stream)
                .filter(r -> expressible(events(r.text())));
    }

    private static List<JsonNode> events(String body) {
        return body.lines()
                .filter(l -> l.startsWith("data: {"))
                .map(l -> read(l.substring(6)))
                .toList();
    }

    private static JsonNode read(String json) {
        try {
            return Json.read(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One complete response of what chats can say: one message at most, and one call, for calls end together here. */
    private static boolean expressible(List<JsonNode> events) {
        long created =
                events.stream().filter(e -> type(e).equals("response.created")).count();
        JsonNode response = events.getLast().path("response");
        int calls = 0;
        int messages = 0;
        for (JsonNode item : response.path("output")) {
            calls += type(item).equals("function_call") ? 1 : 0;
            messages += type(item).equals("message") ? 1 : 0;
            boolean said = type(item).equals("message")
                    && item.path("content").size() == 1
                    && item.at("/content/0/annotations").isEmpty();
            boolean thought =
                    type(item).equals("reasoning") && item.path("summary").size() == 1;
            if (!said && !thought && !type(item).equals("function_call")) {
                return false;
            }
        }
        return created == 1
                && calls < 2
                && messages < 2
                && type(events.getLast()).equals("response.completed")
                && events.stream().noneMatch(e -> type(e).equals("response.queued"));
    }

    private static String type(JsonNode node) {
        return node.path("type").asText();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void isSaidAgain(Recording recorded) throws Exception {
        List<JsonNode> theirs = events(recorded.text());
        MODEL.answer(answer(theirs));
        String body = "{\"model\":\"p/m\",\"stream\":true,\"input\":\"x\"}";
        List<JsonNode> ours = events(server.post("/v1/responses", body).body());

        assertThat(types(ours)).isEqualTo(types(theirs));
        for (JsonNode event : theirs) {
            JsonNode same = ours.stream()
                    .filter(e -> type(e).equals(type(event)))
                    .filter(e -> type(e.path("item")).equals(type(event.path("item"))))
                    .findFirst()
                    .orElseThrow();
            sameFields(event, same);
        }
        JsonNode mine = ours.getLast().path("response");
        JsonNode other = theirs.getLast().path("response");
        assertThat(mine.path("usage").path("total_tokens"))
                .isEqualTo(other.path("usage").path("total_tokens"));
        for (int i = 0; i < other.path("output").size(); i++) {
            for (String said :
                    List.of("/content/0/text", "/summary/0/text", "/arguments", "/name", "/call_id", "/role")) {
                assertThat(mine.path("output").path(i).at(said))
                        .as(said)
                        .isEqualTo(other.path("output").path(i).at(said));
            }
        }
    }

    /** Types in order, each run of the same one once. */
    private static List<String> types(List<JsonNode> events) {
        List<String> types = new ArrayList<>();
        for (JsonNode event : events) {
            if (types.isEmpty() || !types.getLast().equals(type(event))) {
                types.add(type(event));
            }
        }
        return types;
    }

    /** Each field of theirs is one of ours, of the same kind of value, into every object. */
    private static void sameFields(JsonNode theirs, JsonNode ours) {
        Set<String> missing = new TreeSet<>();
        theirs.fieldNames().forEachRemaining(missing::add);
        ours.fieldNames().forEachRemaining(missing::remove);
        missing.removeAll(THEIRS);
        assertThat(missing).as("fields of %s", type(theirs)).isEmpty();
        theirs.properties().forEach(field -> {
            JsonNode own = ours.path(field.getKey());
            if (field.getValue().isObject() && own.isObject() && !field.getKey().equals("metadata")) {
                sameFields(field.getValue(), own);
            }
        });
    }

    private static CompletionEvent[] answer(List<JsonNode> events) {
        JsonNode response = events.getLast().path("response");
        List<CompletionEvent> answer =
                new ArrayList<>(List.of(new Started("", response.path("model").asText())));
        for (JsonNode item : response.path("output")) {
            switch (type(item)) {
                case "message" ->
                    answer.add(new TextDelta(item.at("/content/0/text").asText()));
                case "reasoning" -> {
                    answer.add(new ThinkingDelta(item.at("/summary/0/text").asText()));
                    answer.add(new ThinkingSignature(""));
                }
                default -> {
                    answer.add(new ToolCallStarted(
                            0, item.path("call_id").asText(), item.path("name").asText()));
                    answer.add(new ToolCallDelta(0, item.path("arguments").asText()));
                }
            }
        }
        JsonNode usage = response.path("usage");
        answer.add(new Finished(
                FinishReason.STOP,
                Optional.of(Usage.of(
                        usage.path("input_tokens").asLong(),
                        usage.path("output_tokens").asLong()))));
        return answer.toArray(CompletionEvent[]::new);
    }
}
