package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.JsonMutants;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers in which one value after the other is missing or of another type: read all the same, or a typed error. */
@Timeout(60)
class MalformedAnswersTest {

    private static final String MESSAGE = "{\"id\":\"1\",\"type\":\"message\",\"model\":\"m\",\"content\":["
            + "{\"type\":\"thinking\",\"thinking\":\"hm\",\"signature\":\"s\"},"
            + "{\"type\":\"redacted_thinking\",\"data\":\"d\"},"
            + "{\"type\":\"text\",\"text\":\"hi\",\"citations\":[{\"url\":\"u\"}]},"
            + "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{\"q\":1}},"
            + "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{\"a\":1}}],"
            + "\"stop_reason\":\"tool_use\",\"stop_sequence\":\"x\",\"container\":{\"id\":\"c\"},\"usage\":{"
            + "\"input_tokens\":1,\"output_tokens\":2,\"cache_read_input_tokens\":3,\"output_tokens_details\":"
            + "{\"thinking_tokens\":1}}}";
    private static final List<String> EVENTS = List.of(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"1\",\"model\":\"m\",\"usage\":{\"input_tokens\":1}}}",
            "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"thinking_delta\",\"thinking\":\"h\"}}",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"signature_delta\",\"signature\":\"s\"}}",
            "{\"type\":\"content_block_stop\",\"index\":0}",
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"citations_delta\",\"citation\":{\"u\":1}}}",
            "{\"type\":\"content_block_stop\",\"index\":1}",
            "{\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
                    + "\"f\",\"input\":{}}}",
            "{\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}",
            "{\"type\":\"content_block_stop\",\"index\":2}",
            "{\"type\":\"content_block_start\",\"index\":3,\"content_block\":{\"type\":\"mcp_tool_use\",\"input\":{}}}",
            "{\"type\":\"content_block_delta\",\"index\":3,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}",
            "{\"type\":\"content_block_stop\",\"index\":3}",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":2}}",
            "{\"type\":\"message_stop\"}");

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final AnthropicProvider provider = new AnthropicProvider(Settings.of(Configs.of(
            AnthropicProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));
    private int answers;
    private int errors;

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private void tryOne(String what, Runnable call) {
        try {
            call.run();
            answers++;
        } catch (ForgeException e) {
            assertThat(e.code()).as(what).isNotEqualTo(ErrorCode.INTERNAL).isNotEqualTo(ErrorCode.CANCELLED);
            errors++;
        }
    }

    private void assertBoth() {
        assertThat(answers).isPositive();
        assertThat(errors).isPositive();
    }

    @Test
    void wholeAnswers() {
        for (String mutant : JsonMutants.of(MESSAGE)) {
            upstream.script(x -> x.answer(200, "application/json", mutant));
            tryOne(mutant, () -> provider.chat(ChatRequest.of("m", Message.user("a"))));
        }
        assertBoth();
    }

    @Test
    void streams() {
        for (int place = 0; place < EVENTS.size(); place++) {
            for (String mutant : JsonMutants.of(EVENTS.get(place))) {
                StringBuilder body = new StringBuilder();
                for (int i = 0; i < EVENTS.size(); i++) {
                    body.append("data: ")
                            .append(i == place ? mutant : EVENTS.get(i))
                            .append("\n\n");
                }
                upstream.script(x -> x.answer(200, "text/event-stream", body.toString()));
                tryOne(mutant, () -> Completion.of(provider.streamChat(ChatRequest.of("m", Message.user("a")))));
            }
        }
        assertBoth();
    }

    @Test
    void models() {
        String list = "{\"data\":[{\"id\":\"m\",\"created_at\":\"2026-01-01T00:00:00Z\",\"max_input_tokens\":9,"
                + "\"capabilities\":{\"image_input\":{\"supported\":true}}}],\"has_more\":false,\"last_id\":\"m\"}";
        for (String mutant : JsonMutants.of(list)) {
            upstream.script(x -> x.answer(200, "application/json", mutant));
            tryOne(mutant, provider::models);
        }
        assertBoth();
    }

    @Test
    void counts() {
        for (String mutant : JsonMutants.of("{\"input_tokens\":5}")) {
            upstream.script(x -> x.answer(200, "application/json", mutant));
            tryOne(mutant, () -> provider.countTokens(ChatRequest.of("m", Message.user("a"))));
        }
        assertBoth();
    }
}
