package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.ProviderFaultsContract;
import forge.ai.runtime.testkit.llm.VendorAnswers;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicFaultsTest extends ProviderFaultsContract {

    @Override
    protected VendorAnswers answers() {
        return new AnthropicAnswers();
    }

    @Override
    protected String name() {
        return "anthropic";
    }

    @Override
    protected LlmProvider open(URI upstream, Map<String, Long> limits) {
        Map<String, Object> values = new HashMap<>(limits);
        values.put("baseUrl", upstream.toString());
        values.put("apiKey", KEY);
        Settings settings = Settings.of(Configs.of(AnthropicProviderComponent.Config.class, values));
        assertThat(settings.toString()).doesNotContain(KEY);
        return new AnthropicProvider(settings, new HttpUpstream(DRAIN, MAX_ANSWER));
    }

    @Override
    protected void close(LlmProvider provider) {
        ((AnthropicProvider) provider).close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error, max_tokens: field required, INVALID_REQUEST",
        "400, invalid_request_error, prompt is too long: 9 tokens > 8 maximum, CONTEXT_LENGTH",
        "400, invalid_request_error, input length and `max_tokens` exceed context limit: 9 + 9 > 9, CONTEXT_LENGTH",
        "400, invalid_request_error, Your credit balance is too low to access the Anthropic API., QUOTA",
        "401, authentication_error, invalid x-api-key, AUTHENTICATION",
        "402, billing_error, no funds, QUOTA",
        "403, permission_error, not yours, PERMISSION",
        "404, not_found_error, model: m, NOT_FOUND",
        "413, request_too_large, too many bytes, CONTEXT_LENGTH",
        "429, rate_limit_error, slow down, RATE_LIMITED",
        "500, api_error, internal, UNAVAILABLE",
        "504, timeout_error, too long, TIMEOUT",
        "529, overloaded_error, Overloaded, UNAVAILABLE"
    })
    void theVendorsErrorsHaveTheirMeaningAlsoInTheMidstOfAStream(
            int status, String type, String message, ErrorCode code) {
        try (ScriptedUpstream upstream = new ScriptedUpstream()) {
            LlmProvider provider = open(upstream.uri(), Map.of());
            ChatRequest request = ChatRequest.of("m", Message.user("a"));
            upstream.script(x -> x.answer(
                    status, "application/json", answers().error(message, type), "request-id: req_1", "retry-after: 3"));
            ForgeException whole = catchThrowableOfType(ForgeException.class, () -> provider.chat(request));
            ForgeException stream =
                    catchThrowableOfType(ForgeException.class, () -> Completion.of(provider.streamChat(request)));
            upstream.script(x -> {
                x.begin(200, "text/event-stream", "request-id: req_1");
                x.chunk(answers().begin() + answers().piece("hi") + answers().errorEvent(message, type));
                x.end();
            });
            ForgeException late =
                    catchThrowableOfType(ForgeException.class, () -> Completion.of(provider.streamChat(request)));
            close(provider);

            for (ForgeException e : new ForgeException[] {whole, stream, late}) {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e).hasMessage("anthropic: " + message);
                assertThat(e.details().requestId()).isEqualTo("req_1");
                assertThat(e.details().vendorCode()).isEqualTo(type);
            }
            assertThat(whole.details().status()).isEqualTo(status);
            assertThat(whole.retryAfter()).contains(Duration.ofSeconds(3));
        }
    }
}
