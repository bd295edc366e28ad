package forge.ai.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes out for what is asked. */
class RequestShapeTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Tool TOOL = new Tool("f", "does it", "{\"type\":\"object\"}", false);
    private static final String OLD = "claude-haiku-4-5";
    private static final String MIDDLE = "claude-opus-4-6";
    private static final String NEW = "claude-sonnet-5";

    private static JsonNode sent(ChatRequest request) {
        try {
            return MAPPER.readTree(new RequestWriter(request, 1000, new Omissions("a"))
                    .message(new Plan(ApiVersion.V2023_06_01, Sampling.ALL, true), false));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode sent(String model, UnaryOperator<ChatRequest.Builder> more) {
        return sent(more.apply(ChatRequest.builder(model).messages(List.of(Message.user("a"))))
                .build());
    }

    private static JsonNode json(String text) throws Exception {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    private static JsonNode messages(Message... messages) {
        return sent(ChatRequest.of(OLD, messages)).get("messages");
    }

    @Test
    void allResultsOfToolsAreInTheTurnAfterTheCallsBeforeWhatIsSaidNext() throws Exception {
        JsonNode messages = messages(
                Message.user("a"),
                new Message(
                        Message.Role.ASSISTANT,
                        List.of(new Content.ToolCall("t1", "f", "{\"x\":1}"), new Content.ToolCall("t2", "g", ""))),
                Message.tool(new Content.ToolResult("t1", List.of(new Content.Text("one")), false)),
                Message.tool(new Content.ToolResult(
                        "t2", List.of(new Content.Text("two"), new Content.Image("image/png", "AAAA", "")), true)),
                Message.user("and?"),
                Message.user("now?"));

        assertThat(messages)
                .isEqualTo(json("[{'role':'user','content':[{'type':'text','text':'a'}]},"
                        + "{'role':'assistant','content':[{'type':'tool_use','id':'t1','name':'f','input':{'x':1}},"
                        + "{'type':'tool_use','id':'t2','name':'g','input':{}}]},"
                        + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':"
                        + "[{'type':'text','text':'one'}]},{'type':'tool_result','tool_use_id':'t2','content':"
                        + "[{'type':'text','text':'two'},{'type':'image','source':{'type':'base64',"
                        + "'media_type':'image/png','data':'AAAA'}}],'is_error':true},"
                        + "{'type':'text','text':'and?'}]},"
                        + "{'role':'user','content':[{'type':'text','text':'now?'}]}]"));
    }

    @Test
    void instructionsStandBeforeTheConversation() throws Exception {
        JsonNode sent = sent(ChatRequest.of(
                OLD, Message.system("one"), Message.user("a"), Message.system("two"), Message.assistant("b")));
        assertThat(sent.get("system")).isEqualTo(json("[{'type':'text','text':'one'},{'type':'text','text':'two'}]"));
        assertThat(sent.get("messages")).hasSize(2);
    }

    @Test
    void aMarkForTheCacheGoesOntoWhatStandsBeforeItAlsoInAnEarlierTurn() throws Exception {
        JsonNode sent = sent(ChatRequest.of(
                OLD,
                new Message(Message.Role.SYSTEM, List.of(new Content.Text("s"))),
                new Message(Message.Role.USER, List.of(new Content.CachePoint("1h"), new Content.Text("a"))),
                Message.assistant("b"),
                new Message(
                        Message.Role.USER,
                        List.of(new Content.CachePoint(""), new Content.Text("c"), new Content.CachePoint("")))));

        assertThat(sent.get("system"))
                .isEqualTo(json("[{'type':'text','text':'s','cache_control':{'type':'ephemeral','ttl':'1h'}}]"));
        assertThat(sent.get("messages"))
                .isEqualTo(json("[{'role':'user','content':[{'type':'text','text':'a'}]},"
                        + "{'role':'assistant','content':[{'type':'text','text':'b','cache_control':"
                        + "{'type':'ephemeral'}}]},{'role':'user','content':[{'type':'text','text':'c',"
                        + "'cache_control':{'type':'ephemeral'}}]}]"));
    }

    @Test
    void thoughtsOfOthersAndEmptyTurnsAreLeftOut() throws Exception {
        JsonNode messages = messages(
                Message.user("a"),
                new Message(Message.Role.ASSISTANT, List.of(Content.Thinking.of("hm"), new Content.Text(""))),
                new Message(Message.Role.ASSISTANT, List.of(Content.Thinking.of("hm"), new Content.Refusal("no"))));
        assertThat(messages)
                .isEqualTo(json("[{'role':'user','content':[{'type':'text','text':'a'}]},"
                        + "{'role':'assistant','content':[{'type':'text','text':'no'}]}]"));
    }

    @Test
    void picturesGoByAddressOrThemselves() throws Exception {
        JsonNode messages = messages(new Message(
                Message.Role.USER,
                List.of(
                        new Content.ImageLink(URI.create("https://example.com/a.png"), "high"),
                        new Content.ImageLink(URI.create("data:image/gif;base64,R0lG"), ""),
                        new Content.Image("image/png", "AAAA", "low"))));
        assertThat(messages.at("/0/content"))
                .isEqualTo(json("[{'type':'image','source':{'type':'url','url':'https://example.com/a.png'}},"
                        + "{'type':'image','source':{'type':'base64','media_type':'image/gif','data':'R0lG'}},"
                        + "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}}]"));
    }

    @Test
    void whatCannotBeSentIsATypedError() {
        assertThatThrownBy(
                        () -> messages(new Message(Message.Role.USER, List.of(new Content.Extension("openai", "{}")))))
                .isInstanceOf(UnsupportedException.class);
        assertThatThrownBy(() ->
                        messages(new Message(Message.Role.ASSISTANT, List.of(new Content.ToolCall("t", "f", "[1]")))))
                .isInstanceOf(InvalidRequestException.class);
        for (Map<String, String> wrong : List.of(
                Map.of("anthropic:tools", "{}"),
                Map.of("anthropic:output_config", "[]"),
                Map.of("anthropic:service_tier", "auto"),
                Map.of("anthropic:metadata", "1"))) {
            assertThatThrownBy(() -> sent(OLD, r -> r.extensions(wrong)))
                    .as("%s", wrong)
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void toolsAndTheirChoice() throws Exception {
        Tool plain = new Tool("g", "", "", true);
        JsonNode sent = sent(
                OLD,
                r -> r.tools(List.of(TOOL, plain))
                        .extensions(Map.of(
                                "anthropic:tools", "[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]",
                                "anthropic:tool_fields", "{\"g\":{\"defer_loading\":true,\"name\":\"x\"}}")));
        assertThat(sent.get("tools"))
                .isEqualTo(json("[{'name':'f','description':'does it','input_schema':{'type':'object'}},"
                        + "{'name':'g','input_schema':{'type':'object','properties':{}},'strict':true,"
                        + "'defer_loading':true},{'type':'web_search_20250305','name':'web_search'}]"));
        assertThat(sent.has("tool_choice")).isFalse();
        assertThat(choice(ToolChoice.NONE, null)).isEqualTo(json("{'type':'none'}"));
        assertThat(choice(ToolChoice.REQUIRED, true)).isEqualTo(json("{'type':'any'}"));
        assertThat(choice(new ToolChoice.Named("f"), false))
                .isEqualTo(json("{'type':'tool','name':'f','disable_parallel_tool_use':true}"));
        assertThat(choice(ToolChoice.AUTO, false)).isEqualTo(json("{'type':'auto','disable_parallel_tool_use':true}"));
    }

    private static JsonNode choice(ToolChoice choice, Boolean parallel) {
        GenerationOptions.Builder options = GenerationOptions.builder();
        if (parallel != null) {
            options.parallelToolCalls(parallel);
        }
        return sent(OLD, r -> r.tools(List.of(TOOL)).toolChoice(choice).options(options.build()))
                .get("tool_choice");
    }

    @Test
    void optionsHaveTheirPlaceAndWhatThereIsNoPlaceForIsLeftOut() throws Exception {
        JsonNode sent = sent(
                OLD,
                r -> r.options(GenerationOptions.builder()
                                .maxTokens(7)
                                .temperature(1.5)
                                .topP(0.5)
                                .topK(3)
                                .seed(1)
                                .minP(0.1)
                                .frequencyPenalty(1)
                                .logprobs(2)
                                .stop(List.of("END", "\n"))
                                .user("u")
                                .build())
                        .extensions(Map.of("anthropic:metadata", "{\"more\":1}", "service_tier", "\"flex\"")));
        assertThat(sent)
                .isEqualTo(json("{'model':'" + OLD + "','max_tokens':7,'messages':[{'role':'user','content':"
                        + "[{'type':'text','text':'a'}]}],'temperature':1.0,'top_p':0.5,'top_k':3,"
                        + "'stop_sequences':['END'],'metadata':{'more':1,'user_id':'u'}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                OLD + "    |high   |-     |-    |{'type':'enabled','budget_tokens':16384}|-    |17384",
                OLD + "    |minimal|-     |-    |{'type':'enabled','budget_tokens':2048} |-    |3048",
                OLD + "    |''     |5000  |-    |{'type':'enabled','budget_tokens':5000} |-    |6000",
                OLD + "    |''     |10    |-    |{'type':'enabled','budget_tokens':1024} |-    |2024",
                OLD + "    |''     |5000  |3000 |{'type':'enabled','budget_tokens':2999} |-    |3000",
                OLD + "    |''     |5000  |1024 |-                                       |-    |1024",
                OLD + "    |none   |-     |-    |-                                       |-    |1000",
                MIDDLE + " |high   |-     |-    |{'type':'adaptive'}                     |high |1000",
                MIDDLE + " |high   |2000  |-    |{'type':'enabled','budget_tokens':2000} |high |3000",
                NEW + "    |minimal|-     |50   |{'type':'adaptive','display':'summarized'}|low |50",
                NEW + "    |''     |9000  |-    |{'type':'adaptive','display':'summarized'}|-   |1000",
                "claude-3-haiku|high|-    |-    |-                                       |-    |1000"
            })
    void aModelIsToldToThinkInTheWayThatItTakes(
            String model, String effort, Integer budget, Integer maxTokens, String thinking, String sentEffort, int max)
            throws Exception {
        GenerationOptions.Builder options = GenerationOptions.builder()
                .temperature(0.5)
                .reasoning(new Reasoning(effort, budget == null ? OptionalInt.empty() : OptionalInt.of(budget)));
        if (maxTokens != null) {
            options.maxTokens(maxTokens);
        }
        JsonNode sent = sent(model, r -> r.options(options.build()));
        assertThat(sent.path("thinking")).isEqualTo(thinking == null ? MAPPER.missingNode() : json(thinking));
        assertThat(sent.at("/output_config/effort").asText(null)).isEqualTo(sentEffort);
        assertThat(sent.get("max_tokens").intValue()).isEqualTo(max);
        assertThat(sent.has("temperature")).as("goes with no thinking").isEqualTo(thinking == null);
    }

    @Test
    void aBudgetIsLeftOutWhereTheInterfaceWouldRefuseIt() {
        GenerationOptions thinking = GenerationOptions.builder()
                .reasoning(new Reasoning("", OptionalInt.of(2000)))
                .build();
        for (ToolChoice choice : List.of(ToolChoice.REQUIRED, new ToolChoice.Named("f"))) {
            assertThat(sent(OLD, r -> r.tools(List.of(TOOL)).toolChoice(choice).options(thinking))
                            .has("thinking"))
                    .isFalse();
        }
        assertThat(afterTool(thinking, new Content.Text("let me see")).has("thinking"))
                .isFalse();
        assertThat(afterTool(thinking, new Content.Thinking("hm", "sig", "")).has("thinking"))
                .isTrue();
    }

    @Test
    void thoughtsOfAnotherVendorAreLeftOut() {
        String item = "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"encrypted_content\":\"abc\"}";
        for (Content foreign : List.of(new Content.Thinking("hm", item, ""), new Content.Thinking("", "", item))) {
            JsonNode sent = afterTool(GenerationOptions.DEFAULT, foreign);
            assertThat(sent.at("/messages/1/content"))
                    .singleElement()
                    .satisfies(block -> assertThat(block.path("type").asText()).isEqualTo("tool_use"));
        }
    }

    private static JsonNode afterTool(GenerationOptions options, Content before) {
        return sent(
                OLD,
                r -> r.options(options)
                        .tools(List.of(TOOL))
                        .messages(List.of(
                                Message.user("a"),
                                new Message(
                                        Message.Role.ASSISTANT, List.of(before, new Content.ToolCall("t", "f", "{}"))),
                                Message.tool(new Content.ToolResult("t", List.of(new Content.Text("1")), false)))));
    }

    @Test
    void whatTheDialectSaysOfThinkingGoesBeforeWhatIsCommon() throws Exception {
        JsonNode sent = sent(
                NEW,
                r -> r.options(GenerationOptions.builder()
                                .reasoning(new Reasoning("low", OptionalInt.empty()))
                                .build())
                        .extensions(Map.of(
                                "anthropic:thinking", "{\"type\":\"between_tools\"}",
                                "anthropic:output_config", "{\"effort\":\"max\",\"task_budget\":1}")));
        assertThat(sent.get("thinking")).isEqualTo(json("{'type':'between_tools'}"));
        assertThat(sent.get("output_config")).isEqualTo(json("{'effort':'max','task_budget':1}"));
    }

    @Test
    void aSchemaIsHeldByTheVendorOrByATool() throws Exception {
        ResponseFormat schema = new ResponseFormat.JsonSchema("n", "{\"type\":\"object\"}", true);
        assertThat(sent(OLD, r -> r.format(schema)).get("output_config"))
                .isEqualTo(json("{'format':{'type':'json_schema','schema':{'type':'object'}}}"));

        JsonNode former = sent("claude-sonnet-4-0", r -> r.format(schema));
        assertThat(former.has("output_config")).isFalse();
        assertThat(former.at("/tools/0/input_schema")).isEqualTo(json("{'type':'object'}"));
        assertThat(former.get("tool_choice")).isEqualTo(json("{'type':'any'}"));
    }

    @Test
    void jsonComesByAToolOfItsOwnBesideThoseThatThereAre() throws Exception {
        assertThat(sent(OLD, r -> r.format(ResponseFormat.JSON)).get("tool_choice"))
                .isEqualTo(json("{'type':'any'}"));
        Tool same = new Tool("answer_in_json", "", "", false);
        JsonNode both = sent(OLD, r -> r.format(ResponseFormat.JSON).tools(List.of(same)));
        assertThat(both.at("/tools/1/name").asText()).isEqualTo("answer_in_json_");
        assertThat(both.get("tool_choice")).isEqualTo(json("{'type':'any'}"));
        JsonNode none = sent(
                OLD, r -> r.format(ResponseFormat.JSON).tools(List.of(TOOL)).toolChoice(ToolChoice.NONE));
        assertThat(none.at("/tool_choice/name").asText()).isEqualTo("answer_in_json");
        JsonNode forced = sent(
                OLD, r -> r.format(ResponseFormat.JSON).tools(List.of(TOOL)).toolChoice(ToolChoice.REQUIRED));
        assertThat(forced.get("tools")).hasSize(1);
    }
}
