package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What the streamed answers of OpenAI's dialect have in common. */
final class Streams {

    private Streams() {}

    /** The pieces of text, in their order. */
    static List<String> texts(List<JsonNode> events, String pointer) {
        return events.stream()
                .map(e -> e.at(pointer).asText(""))
                .filter(t -> !t.isEmpty())
                .toList();
    }

    /** That the answer has one end, and is one answer from its beginning to its end. */
    static void checkEnd(List<JsonNode> events) throws WrongAnswer {
        List<String> ends = texts(events, "/choices/0/finish_reason").stream()
                .filter(e -> !e.equals("null"))
                .toList();
        WrongAnswer.unless(ends.equals(List.of("stop")), "ends with " + ends, events);
        long ids = events.stream().map(e -> e.path("id").asText()).distinct().count();
        WrongAnswer.unless(ids == 1, "is " + ids + " answers", events);
    }
}
