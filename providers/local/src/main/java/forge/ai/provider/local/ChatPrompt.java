package forge.ai.provider.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A conversation as the text that a model continues. */
final class ChatPrompt {

    /** As for the engines that read such files elsewhere: values for the template, as a JSON object. */
    private static final String TEMPLATE_VALUES = "chat_template_kwargs";

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    private final ChatRequest request;
    private final Map<String, String> tools = new HashMap<>();

    private ChatPrompt(ChatRequest request) {
        this.request = request;
    }

    /**
     * As the model's template wants it; without one the texts of the messages, each on its own line, as for a model that
     * knows no turns.
     *
     * @throws UnsupportedException if the conversation has what the model does not take
     */
    static Prompt of(ChatRequest request, ChatTemplates templates) {
        boolean tools = !request.tools().isEmpty() && !(request.toolChoice() instanceof ToolChoice.None);
        if (tools && !templates.takesTools()) {
            throw new UnsupportedException(
                    "model " + request.model() + " knows no tools: its template has no place for them",
                    ErrorDetails.NONE.withParameter("tools"));
        }
        ChatPrompt prompt = new ChatPrompt(request);
        if (templates.isEmpty()) {
            String text = request.messages().stream().map(prompt::line).collect(Collectors.joining("\n"));
            return new Prompt(text, true, AnswerForm.Kind.PLAIN, AnswerRules.of(request, AnswerForm.Calls.NONE));
        }
        String text = templates.render(tools, prompt.values(tools));
        AnswerForm.Kind form = AnswerForm.Kind.of(
                templates.source(tools),
                tools ? request.tools().stream().map(Tool::name).collect(Collectors.toSet()) : Set.of());
        Optional<AnswerRules> rules = AnswerRules.of(request, form.calls());
        // What is kept to a form begins at once, without a thought; JSON is not taken for a call.
        AnswerForm.Calls calls =
                rules.isEmpty() || rules.get() instanceof AnswerRules.Call ? form.calls() : AnswerForm.Calls.NONE;
        return new Prompt(
                text, false, new AnswerForm.Kind(calls, form.thoughts() && rules.isEmpty(), form.tools()), rules);
    }

    private String line(Message message) {
        message.content().forEach(content -> {
            if (content instanceof Content.ToolCall || content instanceof Content.ToolResult) {
                throw unsupported("calls of tools and their results");
            }
        });
        return text(message.content());
    }

    private Map<String, Object> values(boolean withTools) {
        List<Object> messages = new ArrayList<>();
        request.messages().forEach(message -> add(message, messages));
        Map<String, Object> values = new HashMap<>();
        values.put("messages", messages);
        values.put(
                "tools",
                withTools ? request.tools().stream().map(ChatPrompt::tool).toList() : null);
        values.put("documents", null);
        values.put("add_generation_prompt", true);
        request.options().reasoning().ifPresent(reasoning -> {
            values.put("enable_thinking", !reasoning.effort().equals("none"));
            if (!reasoning.effort().isEmpty()) {
                values.put("reasoning_effort", reasoning.effort());
            }
        });
        String own = request.extensions().get(TEMPLATE_VALUES);
        if (own != null) {
            values.putAll(object(own, TEMPLATE_VALUES));
        }
        return values;
    }

    private void add(Message message, List<Object> messages) {
        if (message.role() == Message.Role.TOOL) {
            for (Content content : message.content()) {
                if (content instanceof Content.ToolResult result) {
                    messages.add(result(result));
                }
            }
            return;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", message.role().name().toLowerCase(Locale.ROOT));
        map.put("content", text(message.content()));
        String thought = message.content().stream()
                .filter(Content.Thinking.class::isInstance)
                .map(content -> ((Content.Thinking) content).text())
                .collect(Collectors.joining());
        if (!thought.isEmpty()) {
            map.put("reasoning_content", thought);
        }
        List<Object> calls = message.content().stream()
                .filter(Content.ToolCall.class::isInstance)
                .map(content -> call((Content.ToolCall) content))
                .toList();
        if (!calls.isEmpty()) {
            map.put("tool_calls", calls);
        }
        messages.add(map);
    }

    private Object call(Content.ToolCall call) {
        tools.put(call.id(), call.name());
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", object(call.arguments().isBlank() ? "{}" : call.arguments(), "arguments"));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", call.id());
        map.put("type", "function");
        map.put("function", function);
        return map;
    }

    private Object result(Content.ToolResult result) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", "tool");
        map.put("content", text(result.content()));
        map.put("tool_call_id", result.id());
        if (tools.containsKey(result.id())) {
            map.put("name", tools.get(result.id()));
        }
        return map;
    }

    private static Object tool(Tool tool) {
        Map<String, Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        function.put("description", tool.description());
        function.put("parameters", object(tool.parameters().isBlank() ? "{}" : tool.parameters(), "parameters"));
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", "function");
        map.put("function", function);
        return map;
    }

    private static Map<String, Object> object(String json, String what) {
        try {
            JsonNode node = JSON.readTree(json);
            if (node.isObject()) {
                return JSON.convertValue(
                        node, JSON.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class));
            }
        } catch (JsonProcessingException e) {
            // Not shown, for it may hold what was said.
        }
        throw new InvalidRequestException(what + " is no JSON object", ErrorDetails.NONE.withParameter(what));
    }

    private static String text(List<Content> content) {
        return content.stream().map(ChatPrompt::text).collect(Collectors.joining());
    }

    private static String text(Content content) {
        return switch (content) {
            case Content.Text text -> text.text();
            case Content.Refusal refusal -> refusal.text();
            case Content.Thinking thinking -> "";
            case Content.CachePoint point -> "";
            case Content.ToolCall call -> "";
            case Content.ToolResult result -> "";
            case Content.ImageLink image -> throw unsupported("pictures");
            case Content.Image image -> throw unsupported("pictures");
            case Content.Extension extension -> throw unsupported("content of the dialect " + extension.dialect());
        };
    }

    private static UnsupportedException unsupported(String what) {
        return new UnsupportedException("the model takes text, not " + what);
    }
}
