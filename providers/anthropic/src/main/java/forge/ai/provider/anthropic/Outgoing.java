package forge.ai.provider.anthropic;

import java.util.Optional;
import java.util.Set;

/** A request that can be sent in more than one way. */
interface Outgoing {

    /** The fields that a request to count tokens may have. */
    Set<String> COUNTED = Set.of(
            "model",
            "messages",
            "system",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "output_format",
            "cache_control",
            "context_management",
            "mcp_servers");

    Need need();

    /** The tool of our own that the answer comes by, if it does. */
    default Optional<AnswerTool> answerTool() {
        return Optional.empty();
    }

    /** To be answered. */
    byte[] message(Plan plan, boolean stream);

    /** To have its tokens counted. */
    byte[] count();
}
