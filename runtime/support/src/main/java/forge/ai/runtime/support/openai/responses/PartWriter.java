package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Writes the parts of a message and of what a tool gave; a single text stands for itself. */
final class PartWriter {

    private static final String INPUT = "input_";

    /** What chats call a file; other parts have the same name in both. */
    private static final String FILE = "file";

    private final JsonGenerator json;
    private final boolean assistant;

    /** @param assistant whether the assistant said it, whose parts have other names */
    PartWriter(JsonGenerator json, boolean assistant) {
        this.json = json;
        this.assistant = assistant;
    }

    /** Whether it stands in a message, and not beside it. */
    static boolean isPart(Content content) {
        return switch (content) {
            case Content.Text t -> true;
            case Content.Refusal r -> true;
            case Content.Image i -> true;
            case Content.ImageLink i -> true;
            case Content.Extension e -> e.dialect().equals("openai") && isPart(type(e));
            default -> false;
        };
    }

    private static boolean isPart(String type) {
        return type.startsWith(INPUT) || type.equals(FILE);
    }

    private static String type(Content.Extension extension) {
        return Json.text(tree(extension), "type");
    }

    private static JsonNode tree(Content.Extension extension) {
        try {
            return Json.read(extension.json());
        } catch (IOException e) {
            throw new InvalidRequestException("a piece of content is not JSON");
        }
    }

    void write(List<Content> parts) throws IOException {
        if (parts.isEmpty()) {
            json.writeString("");
            return;
        }
        if (parts.size() == 1 && parts.getFirst() instanceof Content.Text text) {
            json.writeString(text.text());
            return;
        }
        json.writeStartArray();
        for (Content part : parts) {
            part(part);
        }
        json.writeEndArray();
    }

    private void part(Content part) throws IOException {
        switch (part) {
            case Content.Text text -> field(assistant ? "output_text" : "input_text", "text", text.text());
            case Content.Refusal refusal -> field("refusal", "refusal", refusal.text());
            case Content.ImageLink link -> image(link.uri().toString(), link.detail());
            case Content.Image image ->
                image("data:" + image.mediaType() + ";base64," + image.base64(), image.detail());
            case Content.Extension extension when isPart(extension) -> extension(extension);
            default -> throw new UnsupportedException("the OpenAI dialect has no such content here");
        }
    }

    private void field(String type, String name, String value) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", type);
        json.writeStringField(name, value);
        json.writeEndObject();
    }

    private void image(String url, String detail) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "input_image");
        json.writeStringField("image_url", url);
        if (!detail.isEmpty()) {
            json.writeStringField("detail", detail);
        }
        json.writeEndObject();
    }

    private void extension(Content.Extension extension) throws IOException {
        if (!type(extension).equals(FILE)) {
            json.writeRawValue(extension.json());
            return;
        }
        json.writeStartObject();
        json.writeStringField("type", INPUT + FILE);
        for (Map.Entry<String, JsonNode> field : tree(extension).path(FILE).properties()) {
            json.writeFieldName(field.getKey());
            json.writeRawValue(field.getValue().toString());
        }
        json.writeEndObject();
    }
}
