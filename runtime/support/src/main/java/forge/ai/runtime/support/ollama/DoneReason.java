package forge.ai.runtime.support.ollama;

import forge.ai.api.llm.FinishReason;

/** Ollama's {@code done_reason}. It knows no word of its own for calls of tools. */
public final class DoneReason {

    private DoneReason() {}

    /**
     * What the word means.
     *
     * @param word empty where the server is older than the field; the answer is whole then all the same
     * @param calls whether the answer has calls of tools
     */
    public static FinishReason read(String word, boolean calls) {
        return switch (word) {
            case "", "stop" -> calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            default -> FinishReason.OTHER;
        };
    }

    /** The word for it; {@code stop} for all that ends well. */
    public static String write(FinishReason reason) {
        return switch (reason) {
            case LENGTH -> "length";
            case CONTENT_FILTER -> "content_filter";
            case STOP, STOP_SEQUENCE, TOOL_CALLS, REFUSAL, PAUSE, OTHER -> "stop";
        };
    }
}
