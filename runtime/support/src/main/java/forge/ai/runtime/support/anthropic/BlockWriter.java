package forge.ai.runtime.support.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes blocks of content, of requests and of answers. */
public final class BlockWriter {

    private BlockWriter() {}

    /**
     * Whether a request can have a block for this content: not for empty texts, which the interface refuses, nor for thoughts of
     * others, which it cannot take as its own without a proof, nor for marks, which stand on the block before them.
     */
    public static boolean hasBlock(Content content) {
        return switch (content) {
            case Content.Text text -> !text.text().isEmpty();
            case Content.Refusal refusal -> !refusal.text().isEmpty();
            case Content.Thinking thought ->
                !thought.signature().isEmpty() || !thought.redacted().isEmpty();
            case Content.CachePoint point -> false;
            default -> true;
        };
    }

    /** Writes a block of an answer, whatever {@link #hasBlock} says. */
    public static void write(JsonGenerator json, Content content) throws IOException {
        write(json, content, Optional.empty());
    }

    /** Writes the list of blocks of a request; marks for the cache go onto the block before them. */
    public static void write(JsonGenerator json, List<Content> content) throws IOException {
        json.writeStartArray();
        for (int i = 0; i < content.size(); i++) {
            if (hasBlock(content.get(i))) {
                write(json, content.get(i), markAfter(content, i));
            }
        }
        json.writeEndArray();
    }

    /** The mark for the cache that follows a piece of content, with nothing between that has a block. */
    private static Optional<Content.CachePoint> markAfter(List<Content> content, int position) {
        for (Content next : content.subList(position + 1, content.size())) {
            if (next instanceof Content.CachePoint point) {
                return Optional.of(point);
            }
            if (hasBlock(next)) {
                break;
            }
        }
        return Optional.empty();
    }

    private static void write(JsonGenerator json, Content content, Optional<Content.CachePoint> mark)
            throws IOException {
        if (content instanceof Content.Extension extension) {
            extension(json, extension, mark);
            return;
        }
        json.writeStartObject();
        fields(json, content);
        // What the model thought is kept with what follows it and takes no mark.
        if (mark.isPresent() && !(content instanceof Content.Thinking)) {
            CacheControl.write(json, mark.get());
        }
        json.writeEndObject();
    }

    private static void fields(JsonGenerator json, Content content) throws IOException {
        switch (content) {
            case Content.Text text -> text(json, text.text());
            case Content.Refusal refusal -> text(json, refusal.text());
            case Content.Thinking thought -> thinking(json, thought);
            case Content.ToolCall call -> call(json, call);
            case Content.ToolResult result -> result(json, result);
            case Content.Image image -> {
                source(json, "base64");
                json.writeStringField("media_type", image.mediaType());
                json.writeStringField("data", image.base64());
                json.writeEndObject();
            }
            case Content.ImageLink link -> link(json, link);
            case Content.Extension extension -> throw new IllegalStateException("written as it is");
            case Content.CachePoint point -> throw new IllegalStateException("not a block");
        }
    }

    private static void text(JsonGenerator json, String text) throws IOException {
        json.writeStringField("type", "text");
        json.writeStringField("text", text);
    }

    private static void thinking(JsonGenerator json, Content.Thinking thought) throws IOException {
        if (thought.redacted().isEmpty()) {
            json.writeStringField("type", "thinking");
            json.writeStringField("thinking", thought.text());
            json.writeStringField("signature", thought.signature());
        } else {
            json.writeStringField("type", "redacted_thinking");
            json.writeStringField("data", thought.redacted());
        }
    }

    private static void call(JsonGenerator json, Content.ToolCall call) throws IOException {
        String arguments = call.arguments().isBlank() ? "{}" : call.arguments().strip();
        String what = "the arguments of a call of " + call.name();
        if (arguments.charAt(0) != '{') {
            throw new InvalidRequestException(what + " are not a JSON object");
        }
        json.writeStringField("type", "tool_use");
        json.writeStringField("id", call.id());
        json.writeStringField("name", call.name());
        json.writeFieldName("input");
        Json.writeRaw(json, arguments, what);
    }

    private static void result(JsonGenerator json, Content.ToolResult result) throws IOException {
        json.writeStringField("type", "tool_result");
        json.writeStringField("tool_use_id", result.id());
        if (result.content().stream().anyMatch(BlockWriter::hasBlock)) {
            json.writeFieldName("content");
            write(json, result.content());
        }
        if (result.error()) {
            json.writeBooleanField("is_error", true);
        }
    }

    private static void link(JsonGenerator json, Content.ImageLink link) throws IOException {
        String url = link.uri().toString();
        int data = url.startsWith("data:") ? url.indexOf(";base64,") : -1;
        if (data < 0) {
            source(json, "url");
            json.writeStringField("url", url);
        } else {
            source(json, "base64");
            json.writeStringField("media_type", url.substring("data:".length(), data));
            json.writeStringField("data", url.substring(data + ";base64,".length()));
        }
        json.writeEndObject();
    }

    private static void source(JsonGenerator json, String type) throws IOException {
        json.writeStringField("type", "image");
        json.writeObjectFieldStart("source");
        json.writeStringField("type", type);
    }

    private static void extension(JsonGenerator json, Content.Extension extension, Optional<Content.CachePoint> mark)
            throws IOException {
        if (!extension.dialect().equals(Messages.DIALECT)) {
            throw new UnsupportedException("the Anthropic dialect has no content of " + extension.dialect());
        }
        if (mark.isEmpty()) {
            Json.writeRaw(json, extension.json(), "a piece of content");
            return;
        }
        @Nullable JsonNode block;
        try {
            block = Json.read(extension.json());
        } catch (IOException e) {
            block = null;
        }
        if (!(block instanceof ObjectNode object)) {
            throw new InvalidRequestException("a piece of content is not a JSON object");
        }
        CacheControl.put(object, mark.get());
        json.writeRawValue(object.toString());
    }
}
