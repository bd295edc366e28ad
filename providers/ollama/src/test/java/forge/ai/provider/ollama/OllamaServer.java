package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.runtime.testkit.ScriptedExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A small server of the interface, with one model: it says the last text backwards and measures the length of texts. */
final class OllamaServer {

    static final String MODEL = "backwards:latest";
    static final String LINES = "application/x-ndjson";
    static final String JSON = "application/json; charset=utf-8";

    private static final String TAGS = "{\"models\":[{\"name\":\"" + MODEL + "\",\"model\":\"" + MODEL
            + "\",\"modified_at\":\"2025-05-04T17:37:44.706015396-07:00\",\"size\":3338801804,\"digest\":\"d-1\","
            + "\"details\":{\"format\":\"gguf\",\"family\":\"llama\",\"parameter_size\":\"1B\"}}]}";
    private static final String SHOW =
            "{\"license\":\"MIT\",\"template\":\"{{ .Prompt }}\",\"details\":{\"format\":\"gguf\"},"
                    + "\"model_info\":{\"general.architecture\":\"llama\",\"llama.context_length\":131072},"
                    + "\"capabilities\":[\"completion\",\"tools\"],\"modified_at\":\"2025-05-04T17:37:44Z\"}";

    final AtomicInteger busy = new AtomicInteger();
    volatile boolean hangs;

    private final ObjectMapper mapper = new ObjectMapper();

    void answer(ScriptedExchange x) throws Exception {
        busy.incrementAndGet();
        try {
            if (x.method().equals("GET")) {
                x.answer(200, JSON, x.path().equals("/api/tags") ? TAGS : "{\"version\":\"0.13.0\"}");
            } else {
                named(x, mapper.readTree(x.body()));
            }
        } finally {
            busy.decrementAndGet();
        }
    }

    private void named(ScriptedExchange x, JsonNode request) throws IOException {
        if (!request.path("model").asText().equals(MODEL)) {
            x.answer(404, JSON, "{\"error\":\"model 'no-such-model' not found\"}");
            return;
        }
        switch (x.path()) {
            case "/api/show" -> x.answer(200, JSON, SHOW);
            case "/api/delete" -> x.answer(x.method().equals("DELETE") ? 200 : 405, JSON, "");
            case "/api/pull" -> pull(x);
            case "/api/embed" -> embed(x, request);
            default -> generate(x, request);
        }
    }

    private static void pull(ScriptedExchange x) throws IOException {
        x.begin(200, LINES);
        x.chunk("{\"status\":\"pulling manifest\"}\n");
        x.chunk("{\"status\":\"pulling d-1\",\"digest\":\"sha256:d-1\",\"total\":100}\n");
        x.chunk("{\"status\":\"pulling d-1\",\"digest\":\"sha256:d-1\",\"total\":100,\"completed\":60}\n");
        x.chunk("{\"status\":\"verifying sha256 digest\"}\n{\"status\":\"success\"}\n");
        x.end();
    }

    private static void embed(ScriptedExchange x, JsonNode request) throws IOException {
        List<String> vectors = new ArrayList<>();
        for (JsonNode text : request.path("input")) {
            vectors.add("[" + text.asText().length() + ",1]");
        }
        x.answer(200, JSON, "{\"model\":\"" + MODEL + "\",\"embeddings\":" + vectors + ",\"prompt_eval_count\":7}");
    }

    private void generate(ScriptedExchange x, JsonNode request) throws IOException {
        boolean chat = x.path().equals("/api/chat");
        JsonNode messages = request.path("messages");
        String said = chat
                ? messages.path(messages.size() - 1).path("content").asText()
                : request.path("prompt").asText();
        String text = new StringBuilder(said).reverse().toString();
        boolean stream = request.path("stream").asBoolean(true);
        if (stream) {
            x.begin(200, LINES);
            x.chunk(line(chat, text.substring(0, 1), ""));
        }
        if (hangs) {
            x.awaitDisconnect(Duration.ofSeconds(30));
        } else if (stream) {
            x.chunk(line(chat, text.substring(1), ""));
            x.chunk(line(chat, "", end(text)));
            x.end();
        } else {
            x.answer(200, JSON, line(chat, text, end(text)));
        }
    }

    private static String line(boolean chat, String text, String end) {
        String said = chat
                ? "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"}"
                : "\"response\":\"" + text + "\"";
        return "{\"model\":\"" + MODEL + "\",\"created_at\":\"2025-05-04T17:37:44Z\"," + said + ",\"done\":"
                + !end.isEmpty() + end + "}\n";
    }

    private static String end(String text) {
        return ",\"done_reason\":\"stop\",\"total_duration\":9,\"prompt_eval_count\":" + text.length()
                + ",\"eval_count\":" + text.length();
    }
}
