package forge.ai.runtime.support.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Reads blocks of content, of requests and of answers; those without a common form stay as they are. */
public final class BlockReader {

    private final Function<String, ? extends RuntimeException> refused;

    /** @param refused makes the error for a block that breaks the format, of what is wrong with it */
    public BlockReader(Function<String, ? extends RuntimeException> refused) {
        this.refused = refused;
    }

    /** The value of a field {@code content}: a text or a list of blocks. */
    public List<Content> content(JsonNode content) {
        List<Content> all = new ArrayList<>();
        if (content.isTextual()) {
            all.add(new Content.Text(content.textValue()));
        } else if (content.isArray()) {
            content.forEach(block -> read(block, all::add));
        } else if (!content.isMissingNode() && !content.isNull()) {
            throw refused.apply("content that is neither a text nor a list");
        }
        return all;
    }

    /** Gives the content of a block and, after it, the mark for the cache if it has one. */
    public void read(JsonNode block, Consumer<Content> out) {
        if (!block.isObject()) {
            throw refused.apply("a block that is not an object");
        }
        Content content = content(Json.text(block, "type"), block);
        out.accept(content);
        if (!(content instanceof Content.Extension)) {
            CacheControl.of(block).ifPresent(out);
        }
    }

    private Content content(String type, JsonNode block) {
        return switch (type) {
            case "text" -> new Content.Text(text(block, "text"));
            case "thinking" -> new Content.Thinking(text(block, "thinking"), Json.text(block, "signature"), "");
            case "redacted_thinking" -> new Content.Thinking("", "", text(block, "data"));
            case "tool_use" -> call(block);
            case "tool_result" ->
                new Content.ToolResult(
                        name(block, "tool_use_id"),
                        content(block.path("content")),
                        block.path("is_error").asBoolean());
            case "image" -> image(block);
            case "" -> throw refused.apply("a block without a type");
            default -> extension(block);
        };
    }

    private Content call(JsonNode block) {
        JsonNode input = block.path("input");
        if (!input.isObject() && !Json.empty(input)) {
            throw refused.apply("a tool call whose input is not an object");
        }
        return new Content.ToolCall(name(block, "id"), name(block, "name"), input.isObject() ? input.toString() : "{}");
    }

    private Content image(JsonNode block) {
        JsonNode source = block.path("source");
        return switch (Json.text(source, "type")) {
            case "base64" -> new Content.Image(name(source, "media_type"), name(source, "data"), "");
            case "url" -> new Content.ImageLink(uri(name(source, "url")), "");
            default -> extension(block);
        };
    }

    private URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw refused.apply("an image whose url is not an address");
        }
    }

    private static Content extension(JsonNode block) {
        return new Content.Extension(Messages.DIALECT, block.toString());
    }

    private String text(JsonNode block, String field) {
        JsonNode value = block.path(field);
        if (!value.isTextual()) {
            throw refused.apply("a block of type " + Json.text(block, "type") + " without " + field);
        }
        return value.textValue();
    }

    private String name(JsonNode block, String field) {
        String value = text(block, field);
        if (value.isEmpty()) {
            throw refused.apply("a block of type " + Json.text(block, "type") + " with an empty " + field);
        }
        return value;
    }
}
