package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.runtime.testkit.ScriptedExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A small server of the interface, with one model, which says the last text backwards. */
final class AnthropicServer {

    static final String MODEL = "claude-backwards-4-5";

    private static final String JSON = "application/json";

    private final ObjectMapper mapper = new ObjectMapper();
    final AtomicInteger busy = new AtomicInteger();
    volatile boolean hangs;

    void answer(ScriptedExchange x) throws Exception {
        busy.incrementAndGet();
        try {
            if (x.method().equals("GET")) {
                x.answer(
                        200,
                        JSON,
                        "{\"data\":[{\"type\":\"model\",\"id\":\"" + MODEL
                                + "\",\"created_at\":\"2026-01-01T00:00:00Z\"}],\"has_more\":false}");
            } else {
                post(x, mapper.readTree(x.body()));
            }
        } finally {
            busy.decrementAndGet();
        }
    }

    private void post(ScriptedExchange x, JsonNode request) throws IOException {
        JsonNode messages = request.path("messages");
        String said = messages.path(messages.size() - 1).at("/content/0/text").asText();
        String text = new StringBuilder(said).reverse().toString();
        if (!request.path("model").asText().equals(MODEL)) {
            x.answer(404, JSON, error("not_found_error", "model: no such model"));
        } else if (x.path().endsWith("/count_tokens")) {
            x.answer(200, JSON, "{\"input_tokens\":" + said.length() + "}");
        } else if (request.path("stream").asBoolean()) {
            stream(x, text);
        } else if (hangs) {
            x.awaitDisconnect(Duration.ofSeconds(30));
        } else {
            x.answer(200, JSON, message("{\"type\":\"text\",\"text\":\"" + text + "\"}", "\"end_turn\"", text));
        }
    }

    private void stream(ScriptedExchange x, String text) throws IOException {
        x.begin(200, "text/event-stream");
        x.chunk(event("message_start", "\"message\":" + message("", "null", text)));
        x.chunk(event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
        x.chunk(piece(text.substring(0, 1)));
        if (hangs) {
            x.awaitDisconnect(Duration.ofSeconds(30));
            return;
        }
        x.chunk(event("ping", "\"x\":1") + piece(text.substring(1)));
        x.chunk(event("content_block_stop", "\"index\":0"));
        x.chunk(event(
                "message_delta",
                "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":" + text.length() + "}"));
        x.chunk(event("message_stop", "\"x\":1"));
        x.end();
    }

    static String error(String type, String message) {
        return "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"" + message + "\"}}";
    }

    static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }

    private static String piece(String text) {
        return event(
                "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    private static String message(String content, String reason, String text) {
        return "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"" + MODEL
                + "\",\"content\":[" + content + "],\"stop_reason\":" + reason + ",\"stop_sequence\":null,\"usage\":"
                + "{\"input_tokens\":" + text.length() + ",\"output_tokens\":" + text.length() + "}}";
    }
}
