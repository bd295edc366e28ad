package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Reads calls of tools, which come whole. Most servers give them no id; it is then made of all that tells the call from
 * others, the moment among it, so that it is the same each time the same answer is read, and another in the next turn.
 */
final class ToolCalls {

    private static final int ID_BYTES = 9;

    private final UpstreamErrors errors;
    private final HttpAnswer answer;
    private int count;

    ToolCalls(UpstreamErrors errors, HttpAnswer answer) {
        this.errors = errors;
        this.answer = answer;
    }

    /** How many there were so far. */
    int count() {
        return count;
    }

    /** @param root the answer or line that the call is in */
    Content.ToolCall next(JsonNode root, JsonNode call) {
        JsonNode function = call.path("function");
        String name = Json.text(function, "name");
        if (name.isEmpty()) {
            throw errors.protocol("a tool call without a name", answer);
        }
        String id = Json.text(call, "id");
        String arguments = arguments(function.path("arguments"));
        String made = id.isEmpty() ? id(Json.text(root, "created_at"), name, arguments) : id;
        count++;
        return new Content.ToolCall(made, name, arguments);
    }

    /** An object there, text here. */
    private static String arguments(JsonNode arguments) {
        if (arguments.isTextual() && !arguments.textValue().isBlank()) {
            return arguments.textValue();
        }
        return arguments.isObject() ? arguments.toString() : "{}";
    }

    private String id(String created, String name, String arguments) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String all = created + '\n' + count + '\n' + name + '\n' + arguments;
            byte[] hash = digest.digest(all.getBytes(StandardCharsets.UTF_8));
            return "call_" + HexFormat.of().formatHex(hash, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
