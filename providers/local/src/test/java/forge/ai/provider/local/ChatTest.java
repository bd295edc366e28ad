package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel.Capability;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.model.ModelRegistry;
import forge.ai.runtime.support.lease.LeaseRouter;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations with models that bring a template. */
@Timeout(60)
class ChatTest {

    private static final Tool WEATHER = new Tool("get_weather", "The weather of a place", """
            {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}""", false);

    @TempDir
    Path folder;

    private final OnnxEngine engine = new OnnxEngine();
    private Path gpt;
    private LocalProvider provider;

    @BeforeEach
    void start() {
        gpt = ModelFixtures.folder("hf").resolve("tiny-gpt");
        LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
        registries.add(engine, Map.of());
        LeaseRouter<InferenceService> engines = new LeaseRouter<>();
        engines.add(engine, Map.of());
        provider = new LocalProvider(registries, engines, () -> new Limits(8, 2048, 512, 64, 8));
    }

    @AfterEach
    void stop() {
        if (provider != null) {
            provider.close();
        }
        engine.close();
    }

    private void gptWith(String template) throws Exception {
        Path copy = Files.createDirectories(folder.resolve("gpt"));
        for (String file : List.of("config.json", "tokenizer.json", "model.onnx")) {
            Files.copy(gpt.resolve(file), copy.resolve(file));
        }
        Files.writeString(copy.resolve("chat_template.jinja"), template);
        engine.add("gpt", copy);
    }

    @Test
    void theTemplateSaysWhatTheModelContinues() throws Exception {
        gptWith("{%- for m in messages if m.role == 'user' %}{{ m.content | trim }}{% endfor %}{{ suffix }}");
        for (JsonNode one : HubFiles.json(gpt.resolve("expected.json")).get("cases")) {
            String prompt = one.get("prompt").textValue();
            int half = prompt.length() / 2;
            ChatRequest request = ChatRequest.builder("gpt")
                    .messages(List.of(Message.system("Be nice."), Message.user(prompt.substring(0, half))))
                    .extensions(
                            Map.of("chat_template_kwargs", "{\"suffix\": \"%s\"}".formatted(prompt.substring(half))))
                    .options(GenerationOptions.builder().maxTokens(24).build())
                    .build();
            assertThat(prompt.substring(0, half))
                    .isEqualTo(prompt.substring(0, half).strip());

            assertThat(provider.chat(request).text()).isEqualTo(one.get("text").textValue());
        }
    }

    @Test
    void aTemplateThatRefusesIsAnErrorOfTheRequestAndABrokenOneOfTheModel() throws Exception {
        gptWith("{{ raise_exception('roles must alternate') }}");
        assertThatThrownBy(() -> provider.chat(ChatRequest.of("gpt", Message.user("x"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("roles must alternate");
        engine.close();
        Files.writeString(folder.resolve("gpt/chat_template.jinja"), "{% if %}");
        try (OnnxEngine other = new OnnxEngine()) {
            other.add("gpt", folder.resolve("gpt"));
            LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
            registries.add(other, Map.of());
            LeaseRouter<InferenceService> engines = new LeaseRouter<>();
            engines.add(other, Map.of());
            LocalProvider broken = new LocalProvider(registries, engines, () -> new Limits(8, 2048, 512, 64, 8));
            assertThatThrownBy(() -> broken.chat(ChatRequest.of("gpt", Message.user("x"))))
                    .isInstanceOf(UnsupportedException.class)
                    .hasMessageContaining("plain completions work");
            assertThat(broken.complete(CompletionRequest.of("gpt", "Once upon a"))
                            .text())
                    .isNotEmpty();
            broken.close();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tools <tool_call>   | <tool_call>{\"name\": \"get_weather\", \"arguments\": {\"place\": \"Rome\"}}</tool_call>",
                "tools [TOOL_CALLS]  | [TOOL_CALLS] [{\"name\": \"get_weather\", \"arguments\": {\"place\": \"Rome\"}}]",
                "tools <think>       | {\"name\": \"get_weather\", \"parameters\": {\"place\": \"Rome\"}}"
            })
    void callsOfToolsAreToldApart(String marks, String written) throws Exception {
        engine.add(
                "model", ScriptedModel.write(gpt, folder.resolve("model"), "{# " + marks + " #}ask", "ask", written));
        ChatRequest request = ChatRequest.builder("model")
                .messages(List.of(Message.user("How is the weather in Rome?")))
                .tools(List.of(WEATHER))
                .build();

        Completion whole = provider.chat(request);
        List<CompletionEvent> events = new ArrayList<>();
        try (CompletionStream stream = provider.streamChat(request)) {
            stream.forEachRemaining(events::add);
        }

        Content.ToolCall call = whole.toolCalls().getFirst();
        assertThat(whole.content()).hasSize(1);
        assertThat(whole.finish()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(call.name()).isEqualTo("get_weather");
        assertThat(call.arguments()).isEqualTo("{\"place\": \"Rome\"}");
        assertThat(call.id()).hasSize(9);
        assertThat(events)
                .filteredOn(CompletionEvent.ToolCallDelta.class::isInstance)
                .hasSizeGreaterThan(3);
        assertThat(provider.models().getFirst().capabilities()).contains(Capability.TOOLS);

        ChatRequest without = ChatRequest.builder("model")
                .messages(request.messages())
                .tools(request.tools())
                .toolChoice(ToolChoice.NONE)
                .build();
        assertThat(provider.chat(without).text()).isEqualTo(written);
    }

    /** As with models for conversations made of others: config.json still names the end that those had. */
    @Test
    void theEndThatTheTokenizerNamesEndsAnAnswer() throws Exception {
        Path model = ScriptedModel.write(gpt, folder.resolve("model"), "ask", "ask", "Four.");
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"eos_token_id\": 0", "\"eos_token_id\": 5"));
        Files.writeString(model.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"<|endoftext|>\"}}");
        engine.add("model", model);

        Completion answer = provider.chat(ChatRequest.of("model", Message.user("2 + 2?")));

        assertThat(answer.text()).isEqualTo("Four.");
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void thoughtsAreToldApart() throws Exception {
        engine.add(
                "model",
                ScriptedModel.write(
                        gpt, folder.resolve("model"), "ask<think>", "ask<think>", "\nI wonder.\n</think>\n\nFour."));

        Completion answer = provider.chat(ChatRequest.of("model", Message.user("2 + 2?")));

        assertThat(answer.content()).containsExactly(Content.Thinking.of("I wonder."), new Content.Text("Four."));
        assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
        assertThat(provider.models().getFirst().capabilities()).contains(Capability.REASONING);
    }

    @Test
    void earlierCallsAndTheirResultsReachTheTemplate() throws Exception {
        String template = "{{ tools[0].function.name }}{% for m in messages %}{{ m.role }}{{ m.reasoning_content }}"
                + "{% if m.tool_calls %}{{ m.tool_calls[0].function.arguments.place }}{% endif %}"
                + "{{ m.name }}{{ m.content }}{% endfor %}";
        String rendered = "get_weatheruserHow?assistantHm.Rometoolget_weatherSunny";
        engine.add("model", ScriptedModel.write(gpt, folder.resolve("model"), template, rendered, "Warm."));
        Message call = new Message(
                Message.Role.ASSISTANT,
                List.of(Content.Thinking.of("Hm."), new Content.ToolCall("1", "get_weather", "{\"place\": \"Rome\"}")));
        ChatRequest request = ChatRequest.builder("model")
                .messages(List.of(
                        Message.user("How?"),
                        call,
                        Message.tool(new Content.ToolResult("1", List.of(new Content.Text("Sunny")), false))))
                .tools(List.of(WEATHER))
                .build();

        // The script stands where the prompt ends: another prompt would give another answer.
        assertThat(provider.chat(request).text()).isEqualTo("Warm.");
    }

    @Test
    void toolsWithoutAPlaceInTheTemplateAreUnsupported() throws Exception {
        gptWith("{{ messages[0].content }}");
        ChatRequest request = ChatRequest.builder("gpt")
                .messages(List.of(Message.user("x")))
                .tools(List.of(WEATHER))
                .build();

        assertThatThrownBy(() -> provider.chat(request))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("tools");
    }

    /** The model knows nothing of JSON and is asked for the least likely, so what comes is the grammar's doing. */
    @Test
    void answersKeepToASchemaWhateverTheModelWouldSay() throws Exception {
        gptWith("{{ messages[0].content }}");
        String schema = """
                {"type": "object", "properties": {"city": {"type": "string", "maxLength": 5}, "size": {"enum": ["s", "xl"]},
                "days": {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 31}, "maxItems": 3}},
                "required": ["city", "size", "days"], "additionalProperties": false}""";
        for (int seed = 0; seed < 20; seed++) {
            ChatRequest request = ChatRequest.builder("gpt")
                    .messages(List.of(Message.user("Once")))
                    .format(new ResponseFormat.JsonSchema("trip", schema, true))
                    .options(GenerationOptions.builder()
                            .temperature(20)
                            .seed(seed)
                            .logprobs(1)
                            .build())
                    .build();
            Completion answer = provider.chat(request);

            if (answer.finish() == FinishReason.LENGTH) {
                // Blanks can fill the little window.
                assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(64);
                continue;
            }
            JsonNode trip = new ObjectMapper().readTree(answer.text());
            assertThat(answer.finish()).isEqualTo(FinishReason.STOP);
            assertThat(trip.get("city").textValue()).hasSizeLessThanOrEqualTo(10);
            assertThat(trip.get("size").textValue()).isIn("s", "xl");
            assertThat(trip.get("days").valueStream().mapToInt(JsonNode::intValue))
                    .allMatch(d -> d >= 1 && d <= 31);
            assertThat(trip).hasSize(3);
        }
    }

    @Test
    void jsonThatIsCutSaysSo() throws Exception {
        gptWith("{{ messages[0].content }}");
        ChatRequest request = ChatRequest.builder("gpt")
                .messages(List.of(Message.user("Once")))
                .format(ResponseFormat.JSON)
                .options(GenerationOptions.builder().maxTokens(2).build())
                .build();

        Completion answer = provider.chat(request);

        assertThat(answer.finish()).isEqualTo(FinishReason.LENGTH);
        assertThat(answer.text()).startsWith("{");
    }

    @Test
    void aSchemaThatCannotBeKeptToIsRefused() throws Exception {
        gptWith("{{ messages[0].content }}");
        assertThatThrownBy(() -> provider.chat(with("{\"type\": \"string\", \"pattern\": \"a\"}")))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("pattern");
        assertThatThrownBy(() -> provider.chat(with("{\"enum\": []}"))).isInstanceOf(InvalidRequestException.class);
        assertThat(engine.leases).hasValue(0);
    }

    private static ChatRequest with(String schema) {
        return ChatRequest.builder("gpt")
                .messages(List.of(Message.user("Once")))
                .format(new ResponseFormat.JsonSchema("x", schema, true))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools <tool_call>", "tools [TOOL_CALLS]", "tools"})
    void aToolThatMustBeUsedIsUsed(String marks) throws Exception {
        gptWith("{# " + marks + " #}Once");
        Tool other = new Tool("other", "", "{\"type\": \"object\", \"properties\": {}}", false);
        Tool paint = new Tool("p", "", "{\"enum\": [{\"r\": true}, {\"r\": false}]}", false);
        ChatRequest request = ChatRequest.builder("gpt")
                .messages(List.of(Message.user("x")))
                .tools(List.of(other, paint))
                .toolChoice(new ToolChoice.Named("p"))
                .build();

        Completion answer = provider.chat(request);

        assertThat(answer.finish()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(answer.toolCalls()).hasSize(1);
        assertThat(answer.toolCalls().getFirst().name()).isEqualTo("p");
        assertThat(new ObjectMapper()
                        .readTree(answer.toolCalls().getFirst().arguments())
                        .get("r")
                        .isBoolean())
                .isTrue();
    }
}
