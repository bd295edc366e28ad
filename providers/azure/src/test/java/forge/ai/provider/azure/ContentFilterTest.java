package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ContentFilteredException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.Recording;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Azure's content filter says reaches the caller, be it an error, a finish reason or a remark. */
@Timeout(60)
class ContentFilterTest {

    private static final ChatRequest REQUEST = ChatRequest.of("m", Message.user("a"));
    private static final String FOUND = "{\"hate\":{\"filtered\":true,\"severity\":\"high\"},"
            + "\"jailbreak\":{\"detected\":true,\"filtered\":true}}";
    private static final String REFUSED = "{\"error\":{\"message\":\"filtered\",\"type\":null,\"param\":\"prompt\","
            + "\"code\":\"content_filter\",\"status\":400,\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\","
            + "\"content_filter_result\":" + FOUND + "}}}";

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final ScriptedUpstream other = new ScriptedUpstream();
    private final AzureProvider provider = new AzureProvider(AzureConfigs.at(Map.of(), upstream.uri(), other.uri()));

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
        other.close();
    }

    private static ContentFilteredException refused(Runnable call) {
        ContentFilteredException e = catchThrowableOfType(ContentFilteredException.class, call::run);
        assertThat(e).isNotNull();
        return e;
    }

    private void assertRefused(int status) {
        for (ContentFilteredException e : List.of(
                refused(() -> provider.chat(REQUEST)), refused(() -> Completion.of(provider.streamChat(REQUEST))))) {
            assertThat(e).hasMessage("azure: filtered");
            assertThat(e.details().status()).isEqualTo(status);
            assertThat(e.details().vendorCode()).isEqualTo("ResponsibleAIPolicyViolation");
            assertThat(e.details().parameter()).isEqualTo("prompt");
            assertThat(e.details().extensions()).containsEntry("content_filter_result", FOUND);
        }
        assertThat(other.requests()).as("it would be filtered everywhere").isEmpty();
    }

    @Test
    void aFilteredPromptIsATypedErrorThatKeepsTheCategories() {
        upstream.script(x -> x.answer(400, "application/json", REFUSED));
        assertRefused(400);
    }

    @Test
    void soItIsInAnAnswerOfSuccess() {
        upstream.script(x -> x.answer(200, "application/json", REFUSED));
        assertRefused(200);
    }

    @Test
    void theRecordedRefusalKeepsItsCategories() {
        Recording recording = Recording.in("azure/chat").stream()
                .filter(r -> r.name().endsWith("test_prompt_content_filtering-1.json"))
                .findFirst()
                .orElseThrow();
        upstream.script(x -> x.answer(recording.status(), recording.type(), recording.body()));
        assertThat(refused(() -> provider.chat(REQUEST)).details().extensions().get("content_filter_result"))
                .contains("\"self-harm\":{\"filtered\":true,\"severity\":\"high\"}");
    }

    @Test
    void anAnswerThatTheFilterCutSaysSoAndWhy() {
        upstream.script(x -> x.answer(
                200,
                "application/json",
                "{\"model\":\"m\",\"choices\":[{\"index\":0,\"content_filter_results\":" + FOUND
                        + ",\"message\":{\"content\":\"so far\"},\"finish_reason\":\"content_filter\"}],"
                        + "\"prompt_filter_results\":[{\"prompt_index\":0}]}"));
        Completion completion = provider.chat(REQUEST);
        assertThat(completion.finish()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(completion.text()).isEqualTo("so far");
        assertThat(completion.extensions())
                .containsEntry("content_filter_results", FOUND)
                .containsEntry("prompt_filter_results", "[{\"prompt_index\":0}]");
    }

    /** The first chunk has no choices, and the chunk with the usage never comes. */
    @Test
    void aStreamThatTheFilterCutSaysSoAndWhy() {
        String chunk = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"content_filter_results\":%s,"
                + "\"delta\":%s,\"finish_reason\":%s}]}\n\n";
        upstream.script(x -> {
            x.begin(200, "text/event-stream");
            x.chunk(
                    "data: {\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\n");
            x.chunk(chunk.formatted("{}", "{\"content\":\"so far\"}", "null"));
            x.chunk(chunk.formatted(FOUND, "{}", "\"content_filter\""));
            x.chunk("data: [DONE]\n\n");
            x.end();
        });
        Completion completion = Completion.of(provider.streamChat(REQUEST));
        assertThat(completion.finish()).isEqualTo(FinishReason.CONTENT_FILTER);
        assertThat(completion.text()).isEqualTo("so far");
        assertThat(completion.model()).isEqualTo("m");
        assertThat(completion.usage()).isEmpty();
        assertThat(completion.extensions())
                .containsEntry("content_filter_results", FOUND)
                .containsEntry("prompt_filter_results", "[{\"prompt_index\":0}]");
    }
}
