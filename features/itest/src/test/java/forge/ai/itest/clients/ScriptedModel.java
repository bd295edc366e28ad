package forge.ai.itest.clients;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Stands in for a model: what it says follows from the conversation by rules. Results of tools are said, joined by
 * commas; {@code weather in A and B} calls the tool that is offered once for each place; anything else is said back.
 */
final class ScriptedModel {

    /** Said when the whole call is to fail. */
    static final String FAILURE = "\u0000failure";

    /** Said before the connection breaks. */
    static final String BREAK = "half";

    record Call(String name, String arguments) {}

    record Answer(String text, List<Call> calls, boolean endless) {
        static Answer text(String text) {
            return new Answer(text, List.of(), false);
        }
    }

    private ScriptedModel() {}

    static Answer answer(JsonNode request) {
        List<JsonNode> messages = new ArrayList<>();
        request.path("messages").forEach(messages::add);
        List<String> results = results(messages);
        if (!results.isEmpty()) {
            return Answer.text(String.join(", ", results));
        }
        String said = text(messages.getLast());
        if (said.startsWith("weather in ") && request.path("tools").size() > 0) {
            return weather(
                    said.substring("weather in ".length()),
                    request.path("tools").path(0));
        }
        if (said.startsWith("count to ")) {
            int last = Integer.parseInt(said.substring("count to ".length()));
            return Answer.text(
                    IntStream.rangeClosed(1, last).mapToObj(Integer::toString).collect(Collectors.joining(" ")));
        }
        return switch (said) {
            case "say hello" -> Answer.text("hello");
            case "json" -> Answer.text("{\"ok\":true}");
            case "fail" -> Answer.text(FAILURE);
            case "break" -> Answer.text(BREAK);
            case "never stop" -> new Answer("on and ", List.of(), true);
            case "what did I say?" -> Answer.text(firstOfUser(messages));
            default -> Answer.text(said);
        };
    }

    /** The results of tools that end the conversation, oldest first. */
    private static List<String> results(List<JsonNode> messages) {
        int from = messages.size();
        while (from > 0 && messages.get(from - 1).path("role").asText().equals("tool")) {
            from--;
        }
        return messages.subList(from, messages.size()).stream()
                .map(ScriptedModel::text)
                .toList();
    }

    private static Answer weather(String places, JsonNode tool) {
        String name = tool.at("/function/name").asText();
        List<Call> calls = List.of(places.split(" and ")).stream()
                .map(place -> new Call(name, "{\"place\":\"" + place + "\"}"))
                .toList();
        return new Answer("", calls, false);
    }

    private static String firstOfUser(List<JsonNode> messages) {
        return messages.stream()
                .filter(message -> message.path("role").asText().equals("user"))
                .map(ScriptedModel::text)
                .findFirst()
                .orElse("");
    }

    private static String text(JsonNode message) {
        JsonNode content = message.path("content");
        if (content.isTextual()) {
            return content.textValue();
        }
        StringBuilder text = new StringBuilder();
        content.forEach(part -> text.append(part.path("text").asText()));
        return text.toString();
    }
}
