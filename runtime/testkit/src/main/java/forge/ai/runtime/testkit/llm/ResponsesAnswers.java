package forge.ai.runtime.testkit.llm;

/** Answers of OpenAI's Responses. */
public record ResponsesAnswers() implements VendorAnswers {

    private static final String ITEM =
            "{\"type\":\"message\",\"id\":\"msg_1\",\"role\":\"assistant\",\"content\":[%s]}";

    @Override
    public String whole(String text) {
        return "{\"id\":\"resp_1\",\"object\":\"response\",\"model\":\"m\",\"status\":\"completed\",\"error\":null,\"output\":["
                + ITEM.formatted("{\"type\":\"output_text\",\"text\":\"" + text + "\",\"annotations\":[]}") + "]}";
    }

    /** An event of this type with these further fields. */
    public static String event(String type, String fields) {
        return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
    }

    @Override
    public String begin() {
        return event(
                        "response.created",
                        "\"response\":{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"in_progress\",\"output\":[]}")
                + event("response.output_item.added", "\"output_index\":0,\"item\":" + ITEM.formatted(""));
    }

    @Override
    public String piece(String text) {
        return event("response.output_text.delta", "\"output_index\":0,\"delta\":\"" + text + "\"");
    }

    @Override
    public String finish() {
        return event("response.output_item.done", "\"output_index\":0,\"item\":" + ITEM.formatted(""));
    }

    @Override
    public String marker() {
        return event(
                "response.completed",
                "\"response\":{\"id\":\"resp_1\",\"model\":\"m\",\"status\":\"completed\",\"output\":[]}");
    }

    @Override
    public boolean markerIsAnAnswer() {
        return true;
    }

    @Override
    public String error(String message, String code) {
        return new OpenAiAnswers().error(message, code);
    }

    @Override
    public String errorEvent(String message, String code) {
        return event("error", "\"message\":\"" + message + "\",\"code\":\"" + code + "\",\"param\":\"" + code + "\"");
    }
}
