package forge.ai.itest.dialects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rules by which {@link ScriptedModel} answers, read from {@code scripted-model.json}: a tool is called only where it
 * is offered and has not been called yet, an object is said only where it fits the schema that is asked for, what tools
 * gave is said back, and pictures are known by their bytes or names.
 */
record Script(List<Text> texts, List<Call> calls, List<Structure> objects) {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    record Text(String said, String answer) {}

    record Call(String said, String tool, List<String> values, boolean onlyIfRequired) {}

    record Structure(String said, JsonNode answer) {}

    static Script load() {
        try (InputStream in = Script.class.getResourceAsStream("/scripted-model.json")) {
            return MAPPER.readValue(in, Script.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The calls that are due; empty where it is time to say something. */
    List<Content.ToolCall> calls(ChatRequest request) {
        List<Content.ToolCall> due = new ArrayList<>();
        if (request.toolChoice() instanceof ToolChoice.None) {
            return due;
        }
        boolean required = !(request.toolChoice() instanceof ToolChoice.Auto);
        for (Call rule : calls) {
            Matcher matcher = Pattern.compile(rule.said()).matcher(question(request));
            while (offered(request, rule) && (required || !rule.onlyIfRequired()) && matcher.find()) {
                String id = "call_" + request.messages().size() + "_" + due.size();
                due.add(new Content.ToolCall(id, rule.tool(), arguments(request, rule, matcher)));
            }
        }
        return due;
    }

    private static boolean offered(ChatRequest request, Call rule) {
        boolean ready = !rule.values().contains("$result") || !result(request).isEmpty();
        return ready
                && request.tools().stream().anyMatch(tool -> tool.name().equals(rule.tool()))
                && sinceQuestion(request).stream()
                        .flatMap(message -> message.content().stream())
                        .noneMatch(c -> c instanceof Content.ToolCall call
                                && call.name().equals(rule.tool()));
    }

    private static String arguments(ChatRequest request, Call rule, Matcher matcher) {
        Tool tool = request.tools().stream()
                .filter(one -> one.name().equals(rule.tool()))
                .findFirst()
                .orElseThrow();
        Iterator<String> names = json(tool.parameters().isEmpty() ? "{}" : tool.parameters())
                .path("properties")
                .fieldNames();
        ObjectNode arguments = MAPPER.createObjectNode();
        for (String value : rule.values()) {
            arguments.set(names.next(), json(fill(value.replace("$result", result(request)), matcher)));
        }
        return arguments.toString();
    }

    String text(ChatRequest request) {
        return switch (request.format()) {
            case ResponseFormat.JsonSchema schema -> object(request, new Schema(json(schema.schema())));
            case ResponseFormat.Json json -> object(request, Schema.ANY);
            case ResponseFormat.Text text -> plain(request);
        };
    }

    private String object(ChatRequest request, Schema schema) {
        String result = result(request);
        return objects.stream()
                .filter(rule -> matches(rule.said(), question(request)))
                .map(rule -> json(rule.answer()
                        .toString()
                        .replace("$result", result)
                        .replace("$RESULT", result.toUpperCase(Locale.ROOT))))
                .filter(schema::fits)
                .findFirst()
                .map(JsonNode::toString)
                .orElse("Nothing fits.");
    }

    private String plain(ChatRequest request) {
        List<Message> since = sinceQuestion(request);
        if (since.size() > 1) {
            String results = since.stream()
                    .filter(message -> message.role() == Message.Role.TOOL)
                    .map(message -> Pictures.described(message.content()))
                    .collect(Collectors.joining(", "));
            return "The tools say: " + results;
        }
        if (Pictures.in(since.getFirst().content())) {
            List<Content> seen = since.getFirst().content().stream()
                    .filter(content -> !(content instanceof Content.Text))
                    .toList();
            return "I see " + Pictures.described(seen);
        }
        String all = request.messages().stream().map(Message::text).collect(Collectors.joining("\n"));
        for (Text rule : texts) {
            Matcher matcher = Pattern.compile(rule.said(), Pattern.DOTALL).matcher(all);
            if (matcher.find()) {
                return fill(rule.answer(), matcher);
            }
        }
        return "I do not know.";
    }

    /** What the user asked last, and what followed. */
    private static List<Message> sinceQuestion(ChatRequest request) {
        List<Message> messages = request.messages();
        int from = messages.size() - 1;
        while (messages.get(from).role() != Message.Role.USER) {
            from--;
        }
        return messages.subList(from, messages.size());
    }

    private static String question(ChatRequest request) {
        return sinceQuestion(request).getFirst().text();
    }

    /** What a tool gave last, in the whole conversation; empty where none did. */
    private static String result(ChatRequest request) {
        return request.messages().reversed().stream()
                .filter(message -> message.role() == Message.Role.TOOL)
                .findFirst()
                .map(message -> Pictures.described(message.content()))
                .orElse("");
    }

    private static boolean matches(String said, String question) {
        return Pattern.compile(said, Pattern.DOTALL).matcher(question.strip()).find();
    }

    private static String fill(String template, Matcher matcher) {
        String filled = template;
        for (int i = 1; i <= matcher.groupCount(); i++) {
            filled = filled.replace("$" + i, matcher.group(i));
        }
        return filled;
    }

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
