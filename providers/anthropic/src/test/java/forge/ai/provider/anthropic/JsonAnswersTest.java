package forge.ai.provider.anthropic;

import static forge.ai.provider.anthropic.AnthropicServer.event;
import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that come by a tool of our own, and other things that recordings do not have. */
@Timeout(60)
class JsonAnswersTest {

    private static final String JSON = "application/json";

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicProvider provider = new AnthropicProvider(Settings.of(Configs.of(
            AnthropicProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private static String call(String name, String input) {
        return "{\"type\":\"tool_use\",\"id\":\"t_" + name + "\",\"name\":\"" + name + "\",\"input\":" + input + "}";
    }

    private List<Completion> wholeAndStreamed(ChatRequest request, String name, String... pieces) {
        String input = String.join("", pieces);
        upstream.script(x -> {
            if (!x.body().contains("\"stream\":true")) {
                x.answer(
                        200,
                        JSON,
                        "{\"model\":\"m\",\"content\":[" + call(name, input.isEmpty() ? "{}" : input)
                                + "],\"stop_reason\":\"tool_use\"}");
                return;
            }
            StringBuilder body = new StringBuilder(event("message_start", "\"message\":{\"model\":\"m\"}"));
            body.append(event("content_block_start", "\"index\":0,\"content_block\":" + call(name, "{}")));
            for (String piece : pieces) {
                body.append(event(
                        "content_block_delta",
                        "\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\""
                                + piece.replace("\"", "\\\"") + "\"}"));
            }
            body.append(event("content_block_stop", "\"index\":0"));
            body.append(event("message_delta", "\"delta\":{\"stop_reason\":\"tool_use\"}"));
            x.answer(200, "text/event-stream", body + event("message_stop", "\"x\":1"));
        });
        return List.of(provider.chat(request), Completion.of(provider.streamChat(request)));
    }

    private static ChatRequest json(Tool... tools) {
        return ChatRequest.builder("m")
                .messages(List.of(Message.user("a")))
                .format(ResponseFormat.JSON)
                .tools(List.of(tools))
                .build();
    }

    @Test
    void theAnswerIsATextOfJsonWhateverWayItComes() {
        for (Completion completion : wholeAndStreamed(json(), "answer_in_json", "{\"a\"", ":[1", "]}")) {
            assertThat(completion.content()).containsExactly(new Content.Text("{\"a\":[1]}"));
            assertThat(completion.finish()).isEqualTo(FinishReason.STOP);
        }
        for (Completion completion : wholeAndStreamed(json(), "answer_in_json")) {
            assertThat(completion.text()).isEqualTo("{}");
        }
    }

    @Test
    void aCallOfAnotherToolStaysACall() {
        Tool tool = new Tool("f", "", "", false);
        for (Completion completion : wholeAndStreamed(json(tool), "f", "{\"a\":1}")) {
            assertThat(completion.toolCalls()).containsExactly(new Content.ToolCall("t_f", "f", "{\"a\":1}"));
            assertThat(completion.text()).isEmpty();
            assertThat(completion.finish()).isEqualTo(FinishReason.TOOL_CALLS);
        }
    }

    @Test
    void parallelCallsWhosePiecesComeMixedStayApart() {
        StringBuilder body = new StringBuilder(event("message_start", "\"message\":{\"model\":\"m\"}"));
        for (int i = 0; i < 2; i++) {
            body.append(event("content_block_start", "\"index\":" + i + ",\"content_block\":" + call("f" + i, "{}")));
        }
        for (String piece : List.of("{\\\"n\\\":", "1", "2}")) {
            for (int i = 0; i < 2; i++) {
                body.append(event(
                        "content_block_delta",
                        "\"index\":" + i + ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"" + piece
                                + "\"}"));
            }
        }
        for (int i = 0; i < 2; i++) {
            body.append(event("content_block_stop", "\"index\":" + i));
        }
        body.append(event("message_delta", "\"delta\":{\"stop_reason\":\"tool_use\"}"));
        upstream.script(x -> x.answer(200, "text/event-stream", body + event("message_stop", "\"x\":1")));

        assertThat(Completion.of(provider.streamChat(ChatRequest.of("m", Message.user("a"))))
                        .toolCalls())
                .containsExactly(
                        new Content.ToolCall("t_f0", "f0", "{\"n\":12}"),
                        new Content.ToolCall("t_f1", "f1", "{\"n\":12}"));
    }

    @Test
    void reasonsOfTheEndAreKnownAndNewOnesKept() {
        Map<String, FinishReason> reasons = Map.of(
                "end_turn", FinishReason.STOP,
                "max_tokens", FinishReason.LENGTH,
                "model_context_window_exceeded", FinishReason.LENGTH,
                "stop_sequence", FinishReason.STOP_SEQUENCE,
                "pause_turn", FinishReason.PAUSE,
                "refusal", FinishReason.REFUSAL,
                "something_new", FinishReason.OTHER);
        reasons.forEach((word, reason) -> {
            upstream.script(x -> x.answer(
                    200,
                    JSON,
                    "{\"model\":\"m\",\"content\":[],\"stop_reason\":\"" + word
                            + "\",\"stop_sequence\":\"END\",\"stop_details\":{\"type\":\"x\"}}"));
            Completion completion = provider.chat(ChatRequest.of("m", Message.user("a")));
            assertThat(completion.finish()).isEqualTo(reason);
            assertThat(completion.stopSequence()).isEqualTo("END");
            assertThat(completion.extensions()).containsEntry("stop_details", "{\"type\":\"x\"}");
            assertThat(completion.extensions().containsKey("finish_reason")).isEqualTo(reason == FinishReason.OTHER);
        });
    }

    @Test
    void modelsAreListedPageByPage() {
        List<String> asked = new ArrayList<>();
        upstream.script(x -> {
            asked.add(x.path());
            boolean first = !x.path().contains("after_id");
            x.answer(
                    200,
                    JSON,
                    first
                            ? "{\"data\":[{\"id\":\"a b\",\"created_at\":\"2026-01-02T03:04:05Z\",\"max_input_tokens\":"
                                    + "1000000,\"capabilities\":{\"image_input\":{\"supported\":true},\"thinking\":"
                                    + "{\"supported\":false}}}],\"has_more\":true,\"last_id\":\"a b\"}"
                            : "{\"data\":[{\"id\":\"c\"}],\"has_more\":false,\"last_id\":\"c\"}");
        });
        List<LlmModel> models = provider.models();

        assertThat(asked).containsExactly("/v1/models?limit=1000", "/v1/models?limit=1000&after_id=a+b");
        assertThat(models).extracting(LlmModel::id).containsExactly("a b", "c");
        assertThat(models.getFirst().created()).contains(Instant.parse("2026-01-02T03:04:05Z"));
        assertThat(models.getFirst().contextTokens()).hasValue(1_000_000);
        assertThat(models.getFirst().capabilities())
                .containsExactlyInAnyOrder(
                        LlmModel.Capability.CHAT, LlmModel.Capability.TOOLS, LlmModel.Capability.VISION);
        assertThat(models.getLast().capabilities()).isEmpty();
    }
}
