package forge.ai.runtime.prompts;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.api.prompt.PromptTemplate;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A prompt as it was configured at one moment. */
record Prompt(String name, String description, Map<String, Variable> variables, List<Part> parts) {

    /** A message of it. */
    record Part(Message.Role role, Text text) {}

    /** @throws IllegalArgumentException that names the key, the value and what is allowed */
    static Prompt of(String name, PromptConfiguration.Config config) {
        Map<String, Variable> variables = new LinkedHashMap<>();
        JsonNode declared = json("variables", config.variables());
        if (!declared.isObject()) {
            throw new IllegalArgumentException("variables: allowed is a JSON object: {\"name\": {\"type\": ...}, ...}");
        }
        declared.properties().forEach(v -> variables.put(v.getKey(), VariableReader.read(v.getKey(), v.getValue())));
        List<Part> parts = new ArrayList<>();
        for (String message : config.messages()) {
            parts.add(part(message, variables));
        }
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("messages: at least one is needed");
        }
        return new Prompt(name, config.description(), variables, List.copyOf(parts));
    }

    private static Part part(String message, Map<String, Variable> variables) {
        JsonNode json = json("messages", message);
        String role = Json.text(json, "role");
        if (!role.matches("system|user|assistant") || !json.path("text").isTextual()) {
            throw new IllegalArgumentException("messages: allowed is {\"role\": \"system\", \"user\" or \"assistant\","
                    + " \"text\": \"...\"} each");
        }
        try {
            Text text = Text.parse(json.path("text").textValue());
            for (String name : text.variables()) {
                if (!variables.containsKey(name)) {
                    throw new IllegalArgumentException("{{" + name + "}} is not among the variables; there "
                            + (variables.isEmpty() ? "are none" : "are: " + String.join(", ", variables.keySet())));
                }
            }
            return new Part(Message.Role.valueOf(role.toUpperCase(Locale.ROOT)), text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("messages: " + e.getMessage());
        }
    }

    private static JsonNode json(String key, String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw new IllegalArgumentException(key + ": allowed is JSON, but it cannot be read as such");
        }
    }

    PromptTemplate described() {
        return new PromptTemplate(
                name,
                description,
                variables.values().stream().map(Variable::described).toList());
    }

    List<Message> render(Map<String, ?> values) {
        Map<String, String> texts = texts(values);
        return parts.stream()
                .map(part -> new Message(
                        part.role(), List.of(new Content.Text(part.text().with(texts)))))
                .toList();
    }

    /** Values may be private: none is shown in an error. */
    private Map<String, String> texts(Map<String, ?> values) {
        Map<String, String> wrong = new LinkedHashMap<>();
        Map<String, String> texts = new HashMap<>();
        for (Variable variable : variables.values()) {
            Object value = values.get(variable.name());
            Optional<String> text =
                    value == null ? variable.fallback() : variable.kind().text(value);
            text.ifPresentOrElse(
                    t -> texts.put(variable.name(), t),
                    () -> wrong.put(
                            variable.name(),
                            (value == null ? "is missing; allowed is " : "is not allowed; allowed is ")
                                    + variable.allowed()));
        }
        for (String name : values.keySet()) {
            if (!variables.containsKey(name)) {
                wrong.put(
                        name,
                        "is no variable of it; there "
                                + (variables.isEmpty() ? "are none" : "are: " + String.join(", ", variables.keySet())));
            }
        }
        if (!wrong.isEmpty()) {
            List<String> reasons = new ArrayList<>();
            wrong.forEach((variable, why) -> reasons.add("'" + variable + "' " + why));
            throw new InvalidRequestException(
                    "prompt '" + name + "': " + String.join("; ", reasons),
                    ErrorDetails.NONE.withParameter(wrong.keySet().iterator().next()));
        }
        return texts;
    }
}
