package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.sse.SseEvent;
import forge.ai.runtime.support.sse.StreamDecoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed answer. Its end is {@code message_stop} after a stop reason, with no content open; anything less is a
 * truncated stream. Events that nobody knows are passed over.
 */
final class EventDecoder implements StreamDecoder {

    private final UpstreamErrors errors;
    private final HttpAnswer head;
    private final String model;
    private final Optional<AnswerTool> answerTool;
    private final boolean passing;
    private final AnswerNotes notes = new AnswerNotes();
    private final Map<Integer, OpenBlock> open = new HashMap<>();
    private int calls;
    private boolean started;
    private boolean done;

    /**
     * @param model the name to report where the stream does not say it
     * @param answerTool the tool whose call is the answer
     * @param passing whether the events are handed on as they came too
     */
    EventDecoder(
            UpstreamErrors errors, HttpAnswer head, String model, Optional<AnswerTool> answerTool, boolean passing) {
        this.errors = errors;
        this.head = head;
        this.model = model;
        this.answerTool = answerTool;
        this.passing = passing;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void accept(SseEvent event, Consumer<CompletionEvent> out) {
        JsonNode node;
        try {
            node = Json.read(event.data());
        } catch (IOException e) {
            throw errors.protocol("an event that is not JSON", head);
        }
        if (!node.isObject()) {
            throw errors.protocol("an event that is not a JSON object", head);
        }
        String type = Json.text(node, "type");
        if (type.isEmpty() || type.equals(Messages.ERROR)) {
            fail(node, type);
        }
        if (passing) {
            out.accept(new CompletionEvent.OnTheWire(
                    new Wire(Wire.ANTHROPIC_MESSAGES, type.isEmpty() ? event.type() : type, event.text())));
        }
        switch (type) {
            case Messages.MESSAGE_START -> start(node.path("message"), out);
            case Messages.CONTENT_BLOCK_START -> begin(node, out);
            case Messages.CONTENT_BLOCK_DELTA -> block(node).add(node.path("delta"), out);
            case Messages.CONTENT_BLOCK_STOP -> {
                block(node).end(out);
                open.remove(index(node));
            }
            case Messages.MESSAGE_DELTA -> {
                notes.add(node);
                notes.add(node.path("delta"));
            }
            case Messages.MESSAGE_STOP -> end(out);
            default -> {
                // A ping, or something new.
            }
        }
    }

    private void fail(JsonNode node, String type) {
        Optional<VendorError> error = VendorError.in(node);
        if (error.isPresent()) {
            throw errors.vendor(error.get(), head);
        }
        if (type.equals(Messages.ERROR)) {
            throw errors.protocol("an error without a word", head);
        }
    }

    private void start(JsonNode message, Consumer<CompletionEvent> out) {
        if (started || !message.isObject()) {
            throw errors.protocol(started ? "a second message in one stream" : "a stream without a message", head);
        }
        started = true;
        notes.add(message);
        String name = Json.text(message, "model");
        out.accept(new CompletionEvent.Started(Json.text(message, "id"), name.isEmpty() ? model : name));
    }

    private void begin(JsonNode node, Consumer<CompletionEvent> out) {
        int index = index(node);
        if (!started || open.containsKey(index)) {
            throw errors.protocol("content " + index + (started ? " begins twice" : " before the message"), head);
        }
        if (!(node.path("content_block") instanceof ObjectNode block)) {
            throw errors.protocol("a beginning of content without content", head);
        }
        open.put(
                index,
                switch (Json.text(block, "type")) {
                    case "text" -> OpenBlock.Text.begin(index, block, notes, out);
                    case "thinking" -> OpenBlock.Thought.begin(block, out);
                    case "redacted_thinking" -> new OpenBlock.Redacted(Json.text(block, "data"));
                    case "tool_use" -> call(block, out);
                    case "" -> throw errors.protocol("content without a type", head);
                    default -> new OpenBlock.Other(block, new StringBuilder());
                });
    }

    private OpenBlock call(JsonNode block, Consumer<CompletionEvent> out) {
        String id = Json.text(block, "id");
        String name = Json.text(block, "name");
        if (id.isEmpty() || name.isEmpty()) {
            throw errors.protocol("a tool call without an id or a name", head);
        }
        if (answerTool.filter(tool -> tool.name().equals(name)).isPresent()) {
            return new OpenBlock.Arguments(block.path("input"), CompletionEvent.TextDelta::new);
        }
        int number = calls++;
        out.accept(new CompletionEvent.ToolCallStarted(number, id, name));
        return new OpenBlock.Arguments(block.path("input"), piece -> new CompletionEvent.ToolCallDelta(number, piece));
    }

    private static int index(JsonNode node) {
        return (int) Json.number(node, "index").orElse(-1);
    }

    private OpenBlock block(JsonNode node) {
        @Nullable OpenBlock block = open.get(index(node));
        if (block == null) {
            throw errors.protocol("more of content " + index(node) + ", which is not open", head);
        }
        return block;
    }

    private void end(Consumer<CompletionEvent> out) {
        if (!started || !notes.complete() || !open.isEmpty()) {
            throw errors.protocol("the stream ended before the answer was complete", head);
        }
        done = true;
        boolean answered = answerTool.isPresent() && calls == 0 && notes.finish() == FinishReason.TOOL_CALLS;
        FinishReason finish = answered ? FinishReason.STOP : notes.finish();
        out.accept(new CompletionEvent.Finished(finish, notes.stopSequence(), notes.usage(), notes.extensions()));
    }
}
