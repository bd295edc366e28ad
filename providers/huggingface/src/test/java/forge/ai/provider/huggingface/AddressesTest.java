package forge.ai.provider.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiAnswers;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which of the router and the dedicated endpoints is asked, where and for what. */
@Timeout(60)
class AddressesTest {

    private static final String JSON = "application/json";

    private final HuggingFaceServer server = new HuggingFaceServer();
    private final ScriptedUpstream router = new ScriptedUpstream();
    private final ScriptedUpstream dedicated = new ScriptedUpstream();
    private final HuggingFaceProvider provider = new HuggingFaceProvider(HuggingFaceConfigs.at(
            router.uri(), Map.of("token", "hf_t", "endpoints", new String[] {"mine=" + dedicated.uri() + "/v1/"})));

    AddressesTest() {
        router.script(server::answer);
    }

    @AfterEach
    void close() {
        provider.close();
        router.close();
        dedicated.close();
    }

    private static String model(ScriptedExchange x) throws Exception {
        return new ObjectMapper().readTree(x.body()).path("model").asText();
    }

    @Test
    void theRouterGetsTheModelWithTheProviderAsItIs() throws Exception {
        router.script(x -> x.answer(200, JSON, new OpenAiAnswers().whole("hi")));
        provider.chat(ChatRequest.of("org/model-7B:together", Message.user("a")));
        ScriptedExchange asked = router.requests().getFirst();
        assertThat(asked.path()).isEqualTo("/v1/chat/completions");
        assertThat(asked.header("Authorization")).isEqualTo("Bearer hf_t");
        assertThat(model(asked)).isEqualTo("org/model-7B:together");

        String wire = "{\"model\":\"huggingface/x\",\"messages\":[],\"something_new\":1.500}";
        assertThat(provider.passesThrough(Wire.OPENAI_CHAT)).isTrue();
        Completion whole = provider.chat(ChatRequest.builder("org/model:fastest")
                .messages(List.of(Message.user("a")))
                .wire(new Wire(Wire.OPENAI_CHAT, wire))
                .build());
        assertThat(router.requests().getLast().body()).contains("\"something_new\":1.500");
        assertThat(model(router.requests().getLast())).isEqualTo("org/model:fastest");
        assertThat(whole.wire()).isPresent();
    }

    @Test
    void aModelWithAnEndpointOfItsOwnIsAskedThere() throws Exception {
        dedicated.script(x -> {
            if (x.path().equals("/")) {
                x.answer(200, JSON, "[[1,2],[3,4]]");
            } else if (x.path().equals("/v1/completions")) {
                x.answer(200, JSON, "{\"choices\":[{\"text\":\"hi\",\"finish_reason\":\"stop\"}]}");
            } else if (x.body().contains("\"stream\":true")) {
                x.begin(200, "text/event-stream");
                x.chunk(new OpenAiAnswers().stream("hi"));
                x.end();
            } else {
                x.answer(200, JSON, new OpenAiAnswers().whole("hi"));
            }
        });
        ChatRequest chat = ChatRequest.of("mine", Message.user("a"));
        assertThat(provider.chat(chat).text()).isEqualTo("hi");
        assertThat(dedicated.requests().getLast().path()).isEqualTo("/v1/chat/completions");
        assertThat(dedicated.requests().getLast().header("Authorization")).isEqualTo("Bearer hf_t");
        assertThat(Completion.of(provider.streamChat(chat)).text()).isEqualTo("hi");
        assertThat(provider.complete(CompletionRequest.of("mine", "a")).text()).isEqualTo("hi");
        assertThat(provider.embed(EmbeddingRequest.of("mine", "a", "b")).vectors())
                .containsExactly(new float[] {1, 2}, new float[] {3, 4});
        assertThat(router.requests()).isEmpty();
    }

    @Test
    void theModelsAreThoseOfTheEndpointsAndOfTheRouter() {
        assertThat(provider.models()).extracting(LlmModel::id).containsExactly("mine", OpenAiServer.MODEL);
        assertThat(router.requests().getFirst().path()).isEqualTo("/v1/models");
    }

    @Test
    void featureExtractionIsAskedByPathWithWhatTheCallerAdds() throws Exception {
        EmbeddingRequest request = new EmbeddingRequest(
                OpenAiServer.MODEL + ":hf-inference",
                List.of("a", "bbb"),
                OptionalInt.empty(),
                Optional.empty(),
                Map.of("normalize", "true"));
        assertThat(provider.embed(request).vectors()).containsExactly(new float[] {1, 1}, new float[] {3, 1});
        ScriptedExchange asked = router.requests().getFirst();
        assertThat(asked.path()).isEqualTo(HuggingFaceServer.PIPELINE);
        assertThat(new ObjectMapper().readTree(asked.body()))
                .isEqualTo(new ObjectMapper().readTree("{\"inputs\":[\"a\",\"bbb\"],\"normalize\":true}"));
    }

    @Test
    void theVectorOfASingleTextMayComeByItself() {
        router.script(x -> x.answer(200, JSON, "[0.5,-1]"));
        assertThat(provider.embed(EmbeddingRequest.of("m", "a")).vectors()).containsExactly(new float[] {0.5f, -1});
    }

    @Test
    void whatCannotBeAskedForIsUnsupported() {
        router.script(x -> x.answer(200, JSON, "[[[1,2],[3,4]]]"));
        List<EmbeddingRequest> requests = List.of(
                EmbeddingRequest.of("m", "a"),
                EmbeddingRequest.of("m:together", "a"),
                new EmbeddingRequest("m", List.of("a"), OptionalInt.of(8), Optional.empty(), Map.of()));
        for (EmbeddingRequest request : requests) {
            assertThatThrownBy(() -> provider.embed(request)).isInstanceOf(UnsupportedException.class);
        }
        assertThat(router.requests()).hasSize(1);
    }

    @Test
    void aNameThatIsNoNameDoesNotBecomeAPath() {
        for (String model : List.of("..", "../../x", "a/b/c", "a?b", "")) {
            assertThatThrownBy(() -> provider.embed(EmbeddingRequest.of(model, "a")))
                    .isInstanceOf(NotFoundException.class);
        }
        assertThat(router.requests()).isEmpty();
    }

    @Test
    void whatIsNoListOfVectorsIsAProtocolError() {
        for (String body : List.of(
                "", "{}", "[]", "[[]]", "[[1],[2]]", "[\"a\"]", "[[1,\"a\"]]", "[[1,null]]", "null", "[1,[2]]", "1")) {
            router.script(x -> x.answer(200, JSON, body));
            ForgeException e =
                    catchThrowableOfType(ForgeException.class, () -> provider.embed(EmbeddingRequest.of("m", "a")));
            assertThat(e).as(body).isNotNull();
            assertThat(e.code()).as(body).isEqualTo(ErrorCode.PROTOCOL);
        }
    }
}
