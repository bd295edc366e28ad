package forge.ai.provider.anthropic;

import static forge.ai.provider.anthropic.AnthropicServer.event;

import forge.ai.runtime.testkit.llm.VendorAnswers;

/** What goes right and wrong, in Anthropic's words. */
record AnthropicAnswers() implements VendorAnswers {

    @Override
    public String whole(String text) {
        return "{\"id\":\"1\",\"type\":\"message\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"" + text
                + "\"}],\"stop_reason\":\"end_turn\",\"data\":[]}";
    }

    @Override
    public String begin() {
        return event("message_start", "\"message\":{\"id\":\"1\",\"model\":\"m\",\"content\":[]}")
                + event("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    }

    @Override
    public String piece(String text) {
        return event(
                "content_block_delta", "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"" + text + "\"}");
    }

    @Override
    public String finish() {
        return event("content_block_stop", "\"index\":0")
                + event("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}");
    }

    @Override
    public String marker() {
        return "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    }

    @Override
    public String silence() {
        return "event: ping\ndata: {\"type\":\"ping\"}\n\n";
    }

    @Override
    public String unfinished() {
        return "event: content_block_delta\ndata: ";
    }

    @Override
    public String error(String message, String code) {
        return AnthropicServer.error(code, message);
    }

    @Override
    public String errorEvent(String message, String code) {
        return "event: error\ndata: " + error(message, code) + "\n\n";
    }
}
