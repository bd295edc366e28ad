package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Chat with the models of {@link LoopbackLlm}; what the runtime hands on has to be exactly what it said. */
record ChatCalls(Wire wire, String model) {

    private static final String PATH = "/v1/chat/completions";

    void whole(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        String prompt = new Prompt(caller, number).text();
        JsonNode answer = wire.ask(PATH, request(prompt, false));
        Reply reply = Reply.to(prompt);
        boolean right = answer.at("/choices/0/message/content").asText().equals(reply.text())
                && answer.path("choices").size() == 1
                && answer.at("/choices/0/finish_reason").asText().equals("stop")
                && answer.at("/usage/completion_tokens").asInt()
                        == reply.pieces().size();
        WrongAnswer.unless(right, "not the answer to " + prompt, answer);
    }

    void streamed(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        String prompt = new Prompt(caller, number).text();
        List<JsonNode> events = wire.stream(PATH, request(prompt, true));
        List<String> pieces = Streams.texts(events, "/choices/0/delta/content");
        WrongAnswer.unless(pieces.equals(Reply.to(prompt).pieces()), "not the answer to " + prompt, events);
        Streams.checkEnd(events);
    }

    private Map<String, Object> request(String prompt, boolean stream) {
        return Map.of(
                "model", model,
                "messages", List.of(Map.of("role", "user", "content", prompt)),
                "stream", stream);
    }
}
