package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.ForgeException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;

/** Content of an answer that is more than a text: a list of parts. */
final class ContentParts {

    private ContentParts() {}

    /**
     * Whether some of it can be said as a part alone.
     *
     * @throws UnsupportedException if some of it cannot be said at all
     */
    static boolean needed(List<Content> contents) {
        boolean needed = false;
        for (Content content : contents) {
            switch (content) {
                case Content.Text text -> {}
                case Content.Thinking thinking -> {}
                case Content.Refusal refusal -> {}
                case Content.ToolCall call -> {}
                case Content.CachePoint point -> {}
                case Content.Extension part when part.dialect().equals("openai") -> needed = true;
                default -> throw unheld(content);
            }
        }
        return needed;
    }

    static ForgeException unheld(Content content) {
        return new UnsupportedException("the answer has content that OpenAI's dialect cannot hold: "
                + (content instanceof Content.Extension foreign
                        ? "a piece of the dialect " + foreign.dialect()
                        : content.getClass().getSimpleName()));
    }

    /** The field {@code content} with texts and parts. */
    static void write(JsonGenerator json, List<Content> contents) throws IOException {
        json.writeArrayFieldStart("content");
        for (Content content : contents) {
            switch (content) {
                case Content.Text text -> {
                    json.writeStartObject();
                    json.writeStringField("type", "text");
                    json.writeStringField("text", text.text());
                    json.writeEndObject();
                }
                case Content.Extension part -> Json.writeRaw(json, part.json(), "a piece of content");
                default -> {
                    // It has a field of its own.
                }
            }
        }
        json.writeEndArray();
    }
}
