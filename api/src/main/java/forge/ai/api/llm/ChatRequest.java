package forge.ai.api.llm;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A conversation to be continued by the assistant.
 *
 * @param model {@code provider/model} or a route towards the service; the provider's own name of the model towards it
 * @param messages the conversation so far, oldest first
 * @param tools what the model may ask for; empty for none
 * @param toolChoice whether it has to
 * @param format what form the answer must have
 * @param options how tokens are chosen
 * @param extensions fields that have no common form: name and JSON value as text; a provider of the dialect they come
 *     from sends them on, others leave them out
 */
public record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        ResponseFormat format,
        GenerationOptions options,
        Map<String, String> extensions) {

    public ChatRequest {
        Objects.requireNonNull(model, "model");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        Objects.requireNonNull(toolChoice, "toolChoice");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(options, "options");
        extensions = Map.copyOf(extensions);
    }

    /** A plain request. */
    public static ChatRequest of(String model, Message... messages) {
        return builder(model).messages(List.of(messages)).build();
    }

    public static Builder builder(String model) {
        return new Builder(model);
    }

    public ChatRequest withModel(String value) {
        return new ChatRequest(value, messages, tools, toolChoice, format, options, extensions);
    }

    public ChatRequest withMessages(List<Message> value) {
        return new ChatRequest(model, value, tools, toolChoice, format, options, extensions);
    }

    public ChatRequest withOptions(GenerationOptions value) {
        return new ChatRequest(model, messages, tools, toolChoice, format, value, extensions);
    }

    /** Sets one value after the other. */
    public static final class Builder {
        private final String model;
        private List<Message> messages = List.of();
        private List<Tool> tools = List.of();
        private ToolChoice toolChoice = ToolChoice.AUTO;
        private ResponseFormat format = ResponseFormat.TEXT;
        private GenerationOptions options = GenerationOptions.DEFAULT;
        private Map<String, String> extensions = Map.of();

        private Builder(String model) {
            this.model = model;
        }

        public Builder messages(List<Message> value) {
            messages = value;
            return this;
        }

        public Builder tools(List<Tool> value) {
            tools = value;
            return this;
        }

        public Builder toolChoice(ToolChoice value) {
            toolChoice = value;
            return this;
        }

        public Builder format(ResponseFormat value) {
            format = value;
            return this;
        }

        public Builder options(GenerationOptions value) {
            options = value;
            return this;
        }

        public Builder extensions(Map<String, String> value) {
            extensions = value;
            return this;
        }

        public ChatRequest build() {
            return new ChatRequest(model, messages, tools, toolChoice, format, options, extensions);
        }
    }
}
