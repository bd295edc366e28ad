package forge.ai.runtime.testkit.llm;

/** Answers in OpenAI's dialect, as many vendors speak it. */
public record OpenAiAnswers() implements VendorAnswers {

    @Override
    public String whole(String text) {
        return "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"" + text
                + "\"},\"finish_reason\":\"stop\"}]}";
    }

    @Override
    public String piece(String text) {
        return "data: {\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }

    @Override
    public String finish() {
        return "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
    }

    @Override
    public String marker() {
        return "data: [DONE]\n\n";
    }

    @Override
    public String error(String message, String code) {
        return "{\"error\":{\"message\":\"" + message + "\",\"type\":\"error\",\"code\":\"" + code + "\",\"param\":\""
                + code + "\"}}";
    }
}
