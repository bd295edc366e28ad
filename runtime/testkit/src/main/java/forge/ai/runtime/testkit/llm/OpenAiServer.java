package forge.ai.runtime.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.runtime.testkit.ScriptedExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A small server of the interface, with one model: it says the last text backwards and measures the length of texts. */
public final class OpenAiServer {

    /** The name of its model. */
    public static final String MODEL = "backwards";

    private static final String JSON = "application/json";

    private final ObjectMapper mapper = new ObjectMapper();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile boolean hangs;

    /** From now on answers begin and come to no end. */
    public void hang() {
        hangs = true;
    }

    /** How many requests it is busy with. */
    public int busy() {
        return busy.get();
    }

    /** Answers one request. */
    public void answer(ScriptedExchange x) throws Exception {
        busy.incrementAndGet();
        try {
            if (x.method().equals("GET")) {
                x.answer(200, JSON, "{\"data\":[{\"id\":\"" + MODEL + "\",\"created\":1,\"owned_by\":\"test\"}]}");
            } else {
                post(x, mapper.readTree(x.body()));
            }
        } finally {
            busy.decrementAndGet();
        }
    }

    private void post(ScriptedExchange x, JsonNode request) throws IOException {
        if (!request.path("model").asText().equals(MODEL)) {
            String error =
                    "{\"error\":{\"message\":\"no such model\",\"type\":\"invalid_request_error\",\"param\":null,"
                            + "\"code\":\"model_not_found\"}}";
            x.answer(404, JSON, error);
            return;
        }
        switch (x.path().replaceFirst("\\?.*", "").replaceFirst(".*/", "")) {
            case "embeddings" -> embed(x, request);
            case "responses" -> respond(x, request);
            default -> generate(x, request);
        }
    }

    private void embed(ScriptedExchange x, JsonNode request) throws IOException {
        List<String> data = new ArrayList<>();
        for (JsonNode text : request.path("input")) {
            // In reverse, as a server may.
            data.addFirst("{\"index\":" + data.size() + ",\"embedding\":["
                    + text.asText().length() + ",1]}");
        }
        x.answer(200, JSON, "{\"model\":\"" + MODEL + "\",\"data\":" + data + ",\"usage\":{\"prompt_tokens\":7}}");
    }

    private void generate(ScriptedExchange x, JsonNode request) throws IOException {
        boolean chat = request.has("messages");
        JsonNode messages = request.path("messages");
        String said = chat
                ? messages.path(messages.size() - 1).path("content").asText()
                : request.path("prompt").asText();
        String text = new StringBuilder(said).reverse().toString();
        boolean stream = request.path("stream").asBoolean();
        if (stream) {
            x.begin(200, "text/event-stream");
            x.chunk(event(piece(chat, text.substring(0, 1)), "null"));
        }
        if (hangs) {
            x.awaitDisconnect(Duration.ofSeconds(30));
        } else if (stream) {
            x.chunk(event(piece(chat, text.substring(1)), "null"));
            x.chunk(event(piece(chat, ""), "\"stop\""));
            x.chunk("data: {\"choices\":[]," + usage(text) + "}\n\ndata: [DONE]\n\n");
            x.end();
        } else {
            String choice =
                    chat ? "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"}" : piece(false, text);
            x.answer(200, JSON, "{" + start(choice, "\"stop\"") + "," + usage(text) + "}");
        }
    }

    private void respond(ScriptedExchange x, JsonNode request) throws IOException {
        JsonNode input = request.path("input");
        String said = input.path(input.size() - 1).path("content").asText();
        String text = new StringBuilder(said).reverse().toString();
        boolean stream = request.path("stream").asBoolean();
        ResponsesAnswers answers = new ResponsesAnswers();
        if (stream) {
            x.begin(200, "text/event-stream");
            x.chunk(answers.begin() + answers.piece(text.substring(0, 1)));
        }
        if (hangs) {
            x.awaitDisconnect(Duration.ofSeconds(30));
        } else if (stream) {
            x.chunk(answers.piece(text.substring(1)) + answers.finish());
            x.chunk(ResponsesAnswers.event("response.completed", "\"response\":" + response(answers, text)));
            x.end();
        } else {
            x.answer(200, JSON, response(answers, text));
        }
    }

    private static String response(ResponsesAnswers answers, String text) {
        return answers.whole(text)
                .replaceFirst(
                        "\\{",
                        "{\"usage\":{\"input_tokens\":" + text.length() + ",\"output_tokens\":" + text.length() + "},");
    }

    private static String piece(boolean chat, String text) {
        return chat ? "\"delta\":{\"content\":\"" + text + "\"}" : "\"text\":\"" + text + "\"";
    }

    private static String event(String piece, String finish) {
        return "data: {" + start(piece, finish) + "}\n\n";
    }

    private static String start(String choice, String finish) {
        return "\"id\":\"1\",\"model\":\"" + MODEL + "\",\"choices\":[{\"index\":0," + choice + ",\"finish_reason\":"
                + finish + "}]";
    }

    private static String usage(String text) {
        return "\"usage\":{\"prompt_tokens\":" + text.length() + ",\"completion_tokens\":" + text.length() + "}";
    }
}
