package forge.ai.api.llm;

import forge.ai.api.monitoring.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A conversation to be continued by the assistant.
 *
 * @param model {@code provider/model} or a route towards the service; the provider's own name of the model towards it
 * @param messages the conversation so far, oldest first
 * @param tools what the model may ask for; empty for none
 * @param toolChoice whether it has to
 * @param format what form the answer must have
 * @param options how tokens are chosen
 * @param extensions fields that have no common form: name (see {@link Extensions}) and JSON value as text; a provider
 *     of the dialect they come from sends them on, others leave them out
 * @param wire the request as it came, if it may go on unchanged; a provider of that dialect sends it with its own name
 *     of the model in place, {@code stream} and {@code usage} as it needs them, and then gives {@link Completion#wire} or
 *     {@link CompletionEvent.OnTheWire} too
 * @param wireOnly what the other components cannot say and {@code wire} does, if there is anything; the request then
 *     goes to providers of that dialect alone
 * @param span of which trace it is a part; {@link Span#NONE} for none
 */
public record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        ResponseFormat format,
        GenerationOptions options,
        Map<String, String> extensions,
        Optional<Wire> wire,
        Optional<WireOnly> wireOnly,
        Span span) {

    public ChatRequest {
        Objects.requireNonNull(model, "model");
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        Objects.requireNonNull(toolChoice, "toolChoice");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(options, "options");
        extensions = Map.copyOf(extensions);
        Objects.requireNonNull(wire, "wire");
        Objects.requireNonNull(wireOnly, "wireOnly");
        Objects.requireNonNull(span, "span");
    }

    /** A plain request. */
    public static ChatRequest of(String model, Message... messages) {
        return builder(model).messages(List.of(messages)).build();
    }

    public static Builder builder(String model) {
        return new Builder(model);
    }

    public ChatRequest withModel(String value) {
        return new ChatRequest(value, messages, tools, toolChoice, format, options, extensions, wire, wireOnly, span);
    }

    /**
     * With other messages; what came on the wire no longer holds. What stood there alone is lost: with
     * {@link #wireOnly} no provider can answer any more.
     */
    public ChatRequest withMessages(List<Message> value) {
        return new ChatRequest(
                model, value, tools, toolChoice, format, options, extensions, Optional.empty(), wireOnly, span);
    }

    /** With other tools to choose from; what came on the wire no longer holds. */
    public ChatRequest withTools(List<Tool> value) {
        return new ChatRequest(
                model, messages, value, toolChoice, format, options, extensions, Optional.empty(), wireOnly, span);
    }

    /** With what came on the wire, or what stands for it. */
    public ChatRequest withWire(Wire value) {
        return new ChatRequest(
                model, messages, tools, toolChoice, format, options, extensions, Optional.of(value), wireOnly, span);
    }

    /** With other options; what came on the wire no longer holds. */
    public ChatRequest withOptions(GenerationOptions value) {
        return new ChatRequest(
                model, messages, tools, toolChoice, format, value, extensions, Optional.empty(), wireOnly, span);
    }

    /** With another limit of time. */
    public ChatRequest withTimeout(Duration value) {
        GenerationOptions limited = options.toBuilder().timeout(value).build();
        return new ChatRequest(model, messages, tools, toolChoice, format, limited, extensions, wire, wireOnly, span);
    }

    /** The same, as part of a trace. */
    public ChatRequest withSpan(Span value) {
        return value == span
                ? this
                : new ChatRequest(
                        model, messages, tools, toolChoice, format, options, extensions, wire, wireOnly, value);
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
        private Optional<Wire> wire = Optional.empty();
        private Optional<WireOnly> wireOnly = Optional.empty();
        private Span span = Span.NONE;

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

        public Builder wire(Wire value) {
            wire = Optional.of(value);
            return this;
        }

        public Builder wireOnly(WireOnly value) {
            wireOnly = Optional.of(value);
            return this;
        }

        public Builder span(Span value) {
            span = value;
            return this;
        }

        public ChatRequest build() {
            return new ChatRequest(
                    model, messages, tools, toolChoice, format, options, extensions, wire, wireOnly, span);
        }
    }
}
