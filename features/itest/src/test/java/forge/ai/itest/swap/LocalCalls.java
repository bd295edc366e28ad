package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Greedy text of the sample model {@code tiny-gpt}; it has to be what it was before anything was swapped. */
final class LocalCalls {

    private static final String PATH = "/v1/completions";
    private static final List<String> PROMPTS =
            List.of("The quick brown", "Once upon a time", "The capital of Japan is");

    private final Wire wire;
    private final Map<String, String> texts = new LinkedHashMap<>();

    private LocalCalls(Wire wire) {
        this.wire = wire;
    }

    /** Asks once for what is compared later. */
    static LocalCalls learn(Wire wire) throws IOException, InterruptedException, WrongAnswer {
        LocalCalls calls = new LocalCalls(wire);
        for (String prompt : PROMPTS) {
            calls.texts.put(prompt, calls.ask(prompt));
        }
        String known = calls.texts.get("The quick brown");
        WrongAnswer.unless(known.equals(" fox jumps over the lazy dog."), "tiny-gpt knows it by heart", known);
        return calls;
    }

    void whole(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        String prompt = prompt(number);
        String text = ask(prompt);
        WrongAnswer.unless(text.equals(texts.get(prompt)), "not the continuation of " + prompt, text);
    }

    void streamed(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        String prompt = prompt(number);
        List<JsonNode> events = wire.stream(PATH, request(prompt, true));
        String text = String.join("", Streams.texts(events, "/choices/0/text"));
        WrongAnswer.unless(text.equals(texts.get(prompt)), "not the continuation of " + prompt, events);
        Streams.checkEnd(events);
    }

    private String ask(String prompt) throws IOException, InterruptedException, WrongAnswer {
        JsonNode answer = wire.ask(PATH, request(prompt, false));
        WrongAnswer.unless(
                answer.at("/choices/0/finish_reason").asText().equals("stop"), "the end of " + prompt, answer);
        return answer.at("/choices/0/text").asText();
    }

    private static String prompt(long number) {
        return PROMPTS.get((int) (number % PROMPTS.size()));
    }

    private static Map<String, Object> request(String prompt, boolean stream) {
        return Map.of(
                "model", "local/tiny-gpt", "prompt", prompt, "temperature", 0, "max_tokens", 40, "stream", stream);
    }
}
