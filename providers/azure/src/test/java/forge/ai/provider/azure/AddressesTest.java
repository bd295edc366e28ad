package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiAnswers;
import forge.ai.runtime.testkit.llm.ResponsesAnswers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where requests go, and in which words. */
@Timeout(60)
class AddressesTest {

    private static final ChatRequest REQUEST = ChatRequest.of("gpt", Message.user("abc"))
            .withOptions(GenerationOptions.builder().maxTokens(5).build());

    private final ScriptedUpstream upstream = new ScriptedUpstream();

    AddressesTest() {
        upstream.script(x -> {
            if (x.method().equals("GET")) {
                x.answer(200, "application/json", "{\"data\":[{\"id\":\"base-model\",\"created_at\":1}]}");
            } else if (x.path().contains("/embeddings")) {
                x.answer(200, "application/json", "{\"data\":[{\"index\":0,\"embedding\":[1]}]}");
            } else if (x.path().contains("/chat/") && x.body().contains("\"stream\":true")) {
                x.begin(200, "text/event-stream");
                x.chunk(new OpenAiAnswers().stream("hi"));
                x.end();
            } else if (x.path().contains("/chat/")) {
                x.answer(200, "application/json", new OpenAiAnswers().whole("hi"));
            } else {
                x.answer(200, "application/json", "{\"choices\":[{\"text\":\"hi\",\"finish_reason\":\"stop\"}]}");
            }
        });
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private AzureProvider provider(Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(Map.of("deployments", new String[] {"gpt=prod"}));
        values.putAll(more);
        return new AzureProvider(AzureConfigs.at(values, upstream.uri()));
    }

    private ScriptedExchange last() {
        return upstream.requests().getLast();
    }

    private JsonNode body() throws Exception {
        return new ObjectMapper().readTree(last().body());
    }

    private void all(AzureProvider provider, String base, String query) throws Exception {
        provider.chat(REQUEST);
        assertThat(last().path()).isEqualTo(base + "/chat/completions" + query);
        assertThat(body().get("model").textValue()).isEqualTo("prod");
        Completion.of(provider.streamChat(REQUEST));
        assertThat(last().path()).isEqualTo(base + "/chat/completions" + query);
        provider.complete(CompletionRequest.of("gpt", "a"));
        assertThat(last().path()).isEqualTo(base + "/completions" + query);
        provider.embed(EmbeddingRequest.of("gpt", "a"));
        assertThat(last().path()).isEqualTo(base + "/embeddings" + query);
        assertThat(last().header("api-key")).isEqualTo("key-of-the-test");
        assertThat(last().header("Authorization")).isEmpty();
    }

    @Test
    void responsesAreAskedForAtTheNewerInterface() throws Exception {
        upstream.script(x -> x.answer(200, "application/json", new ResponsesAnswers().whole("hi")));
        AzureProvider provider = provider(Map.of("api", "responses"));
        assertThat(provider.chat(REQUEST).text()).isEqualTo("hi");
        assertThat(last().path()).isEqualTo("/openai/v1/responses");
        assertThat(body().get("model").textValue()).isEqualTo("prod");
        assertThat(body().get("max_output_tokens").intValue()).isEqualTo(5);
        provider.close();
    }

    @Test
    void v1HasOnePathForAllAndTheDeploymentInTheBody() throws Exception {
        AzureProvider provider = provider(Map.of());
        all(provider, "/openai/v1", "");
        provider.probe();
        assertThat(last().path()).isEqualTo("/openai/v1/models");
        provider.close();
    }

    @Test
    void theDeploymentsPathNamesTheDeploymentAndTheVersion() throws Exception {
        AzureProvider provider = provider(Map.of("api", "deployments", "apiVersion", "2025-01-01-preview"));
        all(provider, "/openai/deployments/prod", "?api-version=2025-01-01-preview");
        provider.probe();
        assertThat(last().path()).isEqualTo("/openai/models?api-version=2025-01-01-preview");
        provider.close();
    }

    @Test
    void aModelThatIsNotInTheMapIsItsOwnDeployment() {
        AzureProvider provider = provider(Map.of("api", "deployments"));
        provider.chat(REQUEST.withModel("gpt-5.1_x"));
        assertThat(last().path()).startsWith("/openai/deployments/gpt-5.1_x/chat/completions?");
        provider.close();
    }

    @Test
    void theModelsOfTheMapAreListedOrElseThoseOfTheUpstream() {
        AzureProvider mapped = provider(Map.of());
        assertThat(mapped.models()).extracting(LlmModel::id).containsExactly("gpt");
        assertThat(upstream.requests()).isEmpty();
        AzureProvider open = provider(Map.of("deployments", new String[0]));
        assertThat(open.models()).extracting(LlmModel::id).containsExactly("base-model");
        mapped.close();
        open.close();
    }

    private static ChatRequest onTheWire(String json) {
        return ChatRequest.builder("gpt")
                .messages(REQUEST.messages())
                .wire(new Wire(Wire.OPENAI_CHAT, json))
                .build();
    }

    @Test
    void olderVersionsAreNotSentWhatTheyRefuse() throws Exception {
        AzureProvider older = provider(Map.of("api", "deployments", "apiVersion", "2024-02-01"));
        Completion.of(older.streamChat(REQUEST));
        assertThat(body().has("stream_options")).isFalse();
        assertThat(body().get("max_tokens").intValue()).isEqualTo(5);
        assertThat(body().has("max_completion_tokens")).isFalse();
        String wire = "{\"model\":\"gpt\",\"messages\":[],\"max_completion_tokens\":7,"
                + "\"stream_options\":{\"include_usage\":true}}";
        Completion.of(older.streamChat(onTheWire(wire)));
        assertThat(body().has("stream_options")).isFalse();
        assertThat(body().get("max_tokens").intValue()).isEqualTo(7);
        older.close();

        AzureProvider recent = provider(Map.of("api", "deployments"));
        Completion.of(recent.streamChat(REQUEST));
        assertThat(body().at("/stream_options/include_usage").booleanValue()).isTrue();
        assertThat(body().get("max_completion_tokens").intValue()).isEqualTo(5);
        recent.close();
    }

    @Test
    void whatCameInOpenAisDialectGoesOnAsItCame() throws Exception {
        AzureProvider provider = provider(Map.of());
        assertThat(provider.passesThrough(Wire.OPENAI_CHAT)).isTrue();
        String wire = "{\"model\":\"azure/gpt\",\"messages\":[],\"something_new\":1.500}";
        Completion whole = provider.chat(onTheWire(wire));
        assertThat(last().body()).contains("\"something_new\":1.500").contains("\"model\":\"prod\"");
        assertThat(whole.wire()).isPresent();

        List<CompletionEvent> events = new ArrayList<>();
        try (CompletionStream stream = provider.streamChat(onTheWire(wire))) {
            stream.forEachRemaining(events::add);
        }
        assertThat(last().body()).contains("\"something_new\":1.500").contains("\"stream\":true");
        assertThat(events.getFirst()).isInstanceOf(CompletionEvent.OnTheWire.class);
        assertThat(events)
                .filteredOn(CompletionEvent.OnTheWire.class::isInstance)
                .hasSize(2);
        provider.close();
    }
}
