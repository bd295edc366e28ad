package forge.ai.runtime.server.anthropic;

import forge.ai.api.llm.Content;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sees to it that the arguments of a call are an object: a model that stops at its limit does not make them whole. */
final class CallArguments {

    private CallArguments() {}

    /** Arguments that are no JSON object stand as text in one, in the vendor's form for that. */
    static Content sound(Content content) {
        if (!(content instanceof Content.ToolCall call) || object(call.arguments())) {
            return content;
        }
        byte[] wrapped = Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("INVALID_JSON", call.arguments());
            json.writeEndObject();
        });
        return new Content.ToolCall(call.id(), call.name(), new String(wrapped, StandardCharsets.UTF_8));
    }

    private static boolean object(String arguments) {
        if (arguments.isBlank()) {
            return true;
        }
        try {
            return Json.read(arguments).isObject();
        } catch (IOException e) {
            return false;
        }
    }
}
