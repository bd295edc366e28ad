package forge.ai.runtime.support.anthropic;

import forge.ai.api.llm.FinishReason;

/** Why an answer ended, in both sides' words. */
public final class StopReasons {

    private StopReasons() {}

    /** What a {@code stop_reason} means. */
    public static FinishReason finish(String word) {
        return switch (word) {
            case "end_turn" -> FinishReason.STOP;
            case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
            case "max_tokens", "model_context_window_exceeded" -> FinishReason.LENGTH;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "refusal" -> FinishReason.REFUSAL;
            case "pause_turn", "compaction" -> FinishReason.PAUSE;
            default -> FinishReason.OTHER;
        };
    }

    /** The {@code stop_reason} for a reason; what has no word of its own is the end of a turn. */
    public static String word(FinishReason reason) {
        return switch (reason) {
            case STOP, OTHER -> "end_turn";
            case STOP_SEQUENCE -> "stop_sequence";
            case LENGTH -> "max_tokens";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER, REFUSAL -> "refusal";
            case PAUSE -> "pause_turn";
        };
    }
}
