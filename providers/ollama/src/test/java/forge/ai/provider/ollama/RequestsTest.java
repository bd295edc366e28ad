package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes out, as Ollama's documentation wants it. */
@Timeout(60)
class RequestsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Message HELLO = Message.user("hello");
    private static final Tool WEATHER = new Tool(
            "weather",
            "what it is like",
            "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}",
            false);

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OllamaProvider provider = new OllamaProvider(Settings.of(Configs.of(
            OllamaProviderComponent.Config.class,
            Map.of("baseUrl", upstream.uri().toString(), "keepAlive", "10m"))));

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    /** The body of the one request of a call that is refused upstream. */
    private JsonNode sent(String path, Runnable call) throws Exception {
        upstream.script(x -> x.answer(400, "application/json", "{\"error\":\"no\"}"));
        assertThatThrownBy(call::run).isInstanceOf(InvalidRequestException.class);
        assertThat(upstream.requests()).singleElement().satisfies(x -> {
            assertThat(x.method()).isEqualTo("POST");
            assertThat(x.path()).isEqualTo(path);
        });
        return MAPPER.readTree(upstream.requests().getFirst().body());
    }

    private JsonNode chat(ChatRequest request) throws Exception {
        return sent("/api/chat", () -> provider.chat(request));
    }

    private static JsonNode json(String text) throws Exception {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    @Test
    void aPlainChat() throws Exception {
        assertThat(chat(ChatRequest.of("m", Message.system("be brief"), HELLO)))
                .isEqualTo(json("{'model':'m','messages':[{'role':'system','content':'be brief'},"
                        + "{'role':'user','content':'hello'}],'options':{},'stream':false,'keep_alive':'10m'}"));
    }

    @Test
    void everyOptionHasItsNameAndThoseOfOllamaAloneGoAlong() throws Exception {
        GenerationOptions options = GenerationOptions.builder()
                .maxTokens(5)
                .temperature(0.5)
                .topP(0.9)
                .topK(40)
                .minP(0.05)
                .repetitionPenalty(1.1)
                .frequencyPenalty(0.2)
                .presencePenalty(0.3)
                .seed(7)
                .stop(List.of("a", "b"))
                .logprobs(3)
                .reasoning(new Reasoning("high", OptionalInt.empty()))
                .build();
        JsonNode body = chat(ChatRequest.builder("m")
                .messages(List.of(HELLO))
                .options(options)
                .extensions(Map.of(
                        "ollama:options", "{\"num_ctx\":8192,\"seed\":8,\"num_predict\":-1}",
                        "ollama:keep_alive", "0",
                        "ollama:truncate", "false",
                        "ollama:model", "\"other\"",
                        "service_tier", "\"flex\"",
                        "anthropic:service_tier", "\"auto\""))
                .build());
        assertThat(body.get("options"))
                .isEqualTo(json("{'num_predict':5,'temperature':0.5,'top_p':0.9,'top_k':40,'min_p':0.05,"
                        + "'repeat_penalty':1.1,'frequency_penalty':0.2,'presence_penalty':0.3,'seed':7,'stop':['a','b'],"
                        + "'num_ctx':8192}"));
        assertThat(body.get("think").textValue()).isEqualTo("high");
        assertThat(body.get("logprobs").booleanValue()).isTrue();
        assertThat(body.get("top_logprobs").intValue()).isEqualTo(3);
        assertThat(body.get("keep_alive").intValue()).isZero();
        assertThat(body.get("truncate").booleanValue()).isFalse();
        assertThat(body.get("model").textValue()).isEqualTo("m");
        assertThat(body.has("service_tier")).isFalse();
    }

    @Test
    void aTurnWithToolsPicturesAndThoughts() throws Exception {
        List<Message> messages = List.of(
                new Message(
                        Message.Role.USER,
                        List.of(
                                new Content.Text("what is "),
                                new Content.Image("image/png", "AAAA", ""),
                                new Content.Text("?"))),
                new Message(
                        Message.Role.ASSISTANT,
                        List.of(
                                Content.Thinking.of("hm"),
                                new Content.ToolCall("c1", "weather", "{\"city\":\"Ulm\",\"n\":1.50}"),
                                new Content.ToolCall("c2", "time", ""))),
                Message.tool(
                        new Content.ToolResult("c2", List.of(new Content.Text("noon")), false),
                        new Content.ToolResult(
                                "c1",
                                List.of(new Content.Text("rain"), new Content.Image("image/png", "BBBB", "")),
                                false)),
                Message.tool(new Content.ToolResult("c9", List.of(new Content.Text("lost")), true)));
        JsonNode body = chat(ChatRequest.builder("m")
                .messages(messages)
                .tools(List.of(WEATHER, new Tool("time", "", "", false)))
                .build());
        assertThat(body.get("messages"))
                .isEqualTo(json("[{'role':'user','content':'what is ?','images':['AAAA']},"
                        + "{'role':'assistant','content':'','thinking':'hm','tool_calls':["
                        + "{'id':'c1','function':{'name':'weather','arguments':{'city':'Ulm','n':1.50}}},"
                        + "{'id':'c2','function':{'name':'time','arguments':{}}}]},"
                        + "{'role':'tool','content':'noon','tool_name':'time','tool_call_id':'c2'},"
                        + "{'role':'tool','content':'rain','images':['BBBB'],'tool_name':'weather','tool_call_id':'c1'},"
                        + "{'role':'tool','content':'lost','tool_call_id':'c9'}]"));
        assertThat(body.get("tools"))
                .isEqualTo(json("[{'type':'function','function':{'name':'weather','description':'what it is like',"
                        + "'parameters':{'type':'object','properties':{'city':{'type':'string'}}}}},"
                        + "{'type':'function','function':{'name':'time','description':'',"
                        + "'parameters':{'type':'object','properties':{}}}}]"));
        assertThat(body.has("format")).isFalse();
        assertThat(upstream.requests().getFirst().body())
                .as("to the last digit")
                .contains("1.50");
    }

    @Test
    void whatOllamaHasNoFormForIsUnsupportedAndNothingIsFetched() {
        List<Content> strange = List.of(
                new Content.ImageLink(URI.create(upstream.uri() + "/cat.png"), ""),
                new Content.Extension("openai", "{\"type\":\"input_audio\"}"));
        for (Content content : strange) {
            ChatRequest request = ChatRequest.of("m", new Message(Message.Role.USER, List.of(content)));
            assertThatThrownBy(() -> provider.chat(request)).isInstanceOf(UnsupportedException.class);
            assertThatThrownBy(() -> provider.streamChat(request)).isInstanceOf(UnsupportedException.class);
        }
        assertThat(upstream.accepted()).isZero();
    }

    @Test
    void argumentsThatAreNoObjectAreRefusedHere() {
        for (String arguments : List.of("[]", "1", "{", "{} {}")) {
            ChatRequest request = ChatRequest.of(
                    "m", new Message(Message.Role.ASSISTANT, List.of(new Content.ToolCall("c", "weather", arguments))));
            assertThatThrownBy(() -> provider.chat(request))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("weather");
        }
        assertThat(upstream.accepted()).isZero();
    }

    @Test
    void jsonModesAreFormats() throws Exception {
        assertThat(chat(ChatRequest.builder("m")
                                .messages(List.of(HELLO))
                                .format(ResponseFormat.JSON)
                                .build())
                        .get("format")
                        .textValue())
                .isEqualTo("json");
        upstream.requests().clear();
        String schema = "{\"type\":\"object\",\"required\":[\"a\"]}";
        assertThat(chat(ChatRequest.builder("m")
                                .messages(List.of(HELLO))
                                .format(new ResponseFormat.JsonSchema("x", schema, true))
                                .build())
                        .get("format"))
                .isEqualTo(MAPPER.readTree(schema));
    }

    @Test
    void noToolIsOfferedThatMustNotBeCalled() throws Exception {
        JsonNode body = chat(ChatRequest.builder("m")
                .messages(List.of(HELLO))
                .tools(List.of(WEATHER))
                .toolChoice(ToolChoice.NONE)
                .build());
        assertThat(body.has("tools")).isFalse();
        assertThat(body.has("format")).isFalse();
    }

    @Test
    void aToolThatMustBeCalledIsTheFormOfTheAnswer() throws Exception {
        Tool time = new Tool("time", "", "", false);
        ChatRequest.Builder request =
                ChatRequest.builder("m").messages(List.of(HELLO)).tools(List.of(WEATHER, time));

        JsonNode named =
                chat(request.toolChoice(new ToolChoice.Named("weather")).build());
        assertThat(named.has("tools")).isFalse();
        assertThat(named.get("format"))
                .isEqualTo(
                        json(
                                "{'type':'object','properties':{'name':{'const':'weather'},'arguments':"
                                        + "{'type':'object','properties':{'city':{'type':'string'}}}},'required':['name','arguments']}"));
        assertThat(named.at("/messages/0/role").textValue()).isEqualTo("system");
        assertThat(named.at("/messages/0/content").textValue()).contains("weather", "what it is like", "city");
        assertThat(named.at("/messages/1/content").textValue()).isEqualTo("hello");

        upstream.requests().clear();
        JsonNode any = chat(request.toolChoice(ToolChoice.REQUIRED).build());
        assertThat(any.at("/format/anyOf")).hasSize(2);
        assertThat(any.at("/format/anyOf/1/properties/name/const").textValue()).isEqualTo("time");

        assertThatThrownBy(() -> provider.chat(
                        request.toolChoice(new ToolChoice.Named("none")).build()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not among");
    }

    @Test
    void aTextToContinueGoesToTheModelAsItStandsUnlessAFieldNeedsTheTemplate() throws Exception {
        CompletionRequest plain = CompletionRequest.of("m", "Once");
        assertThat(sent("/api/generate", () -> provider.complete(plain)))
                .isEqualTo(json(
                        "{'model':'m','prompt':'Once','options':{},'raw':true,'stream':false,'keep_alive':'10m'}"));
        for (String field : List.of("raw", "suffix", "system")) {
            upstream.requests().clear();
            JsonNode body = sent(
                    "/api/generate",
                    () -> provider.complete(new CompletionRequest(
                            "m", "Once", GenerationOptions.DEFAULT, Map.of("ollama:" + field, "\"x\""))));
            assertThat(body.path("raw").asText()).isEqualTo(field.equals("raw") ? "x" : "");
            assertThat(body.get(field).textValue()).isEqualTo("x");
        }
    }

    @Test
    void vectors() throws Exception {
        EmbeddingRequest request = new EmbeddingRequest(
                "m", List.of("a", "b"), OptionalInt.of(64), Optional.empty(), Map.of("ollama:truncate", "false"));
        assertThat(sent("/api/embed", () -> provider.embed(request)))
                .isEqualTo(json("{'model':'m','input':['a','b'],'dimensions':64,'keep_alive':'10m','truncate':false}"));
    }
}
