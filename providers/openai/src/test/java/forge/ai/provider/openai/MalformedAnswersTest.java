package forge.ai.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.JsonMutants;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers in which one value after the other is missing or of another type: read all the same, or a typed error. */
@Timeout(60)
class MalformedAnswersTest {

    private static final String CALL = "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":"
            + "{\"name\":\"f\",\"arguments\":\"{}\"}}]";
    private static final String LOGPROBS =
            "\"logprobs\":{\"content\":[{\"token\":\"hi\",\"logprob\":-0.5,\"top_logprobs\":"
                    + "[{\"token\":\"hi\",\"logprob\":-0.5}]}]}";
    private static final String USAGE = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":1},\"completion_tokens_details\":{\"reasoning_tokens\":1}}";
    private static final String CHAT = "{\"id\":\"1\",\"model\":\"m\",\"error\":null,\"choices\":[{\"index\":0,\"%s\":"
            + "{\"role\":\"assistant\",\"content\":\"hi\",\"refusal\":\"no\",\"reasoning_content\":\"hm\"," + CALL
            + "},"
            + LOGPROBS + ",\"finish_reason\":\"stop\"}]," + USAGE + "}";
    private static final String VECTORS =
            "{\"model\":\"m\",\"data\":[{\"index\":0,\"embedding\":[1,2]}],\"usage\":{\"prompt_tokens\":1}}";
    private static final String MODELS =
            "{\"data\":[{\"id\":\"m\",\"created\":1,\"owned_by\":\"x\",\"context_window\":8}]}";

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OpenAiProvider provider = new OpenAiProvider(Settings.of(Configs.of(
            OpenAiProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString()))));
    private int answers;
    private int errors;

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private void tryAll(String document, Runnable call) {
        for (String text : JsonMutants.of(document)) {
            upstream.script(x -> {
                if (x.body().contains("\"stream\":true")) {
                    x.begin(200, "text/event-stream");
                    x.chunk("data: " + text + "\n\ndata: [DONE]\n\n");
                    x.end();
                } else {
                    x.answer(200, "application/json", text);
                }
            });
            try {
                call.run();
                answers++;
            } catch (ForgeException e) {
                assertThat(e.code()).as(text).isNotEqualTo(ErrorCode.INTERNAL).isNotEqualTo(ErrorCode.CANCELLED);
                errors++;
            }
        }
        assertThat(answers).isPositive();
        assertThat(errors).isPositive();
    }

    @Test
    void wholeChats() {
        tryAll(CHAT.formatted("message"), () -> provider.chat(ChatRequest.of("m", Message.user("a"))));
    }

    @Test
    void streamedChats() {
        tryAll(
                CHAT.formatted("delta"),
                () -> Completion.of(provider.streamChat(ChatRequest.of("m", Message.user("a")))));
    }

    @Test
    void vectors() {
        tryAll(VECTORS, () -> provider.embed(EmbeddingRequest.of("m", "a")));
    }

    @Test
    void models() {
        tryAll(MODELS, provider::models);
    }
}
