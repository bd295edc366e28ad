package forge.ai.api.tool;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Usage;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of a {@link ToolLoop}.
 *
 * @param completion the last answer of the model
 * @param messages what the loop adds to the conversation, oldest first: every answer of the model, the last one included,
 *     and the results of its calls; put after the request's messages, they let the conversation go on
 * @param usage what all steps took, where the provider says so
 * @param steps how often the model was called, 1 or more
 * @param end why the loop ended
 */
public record ToolLoopAnswer(Completion completion, List<Message> messages, Optional<Usage> usage, int steps, End end) {

    /** Why a loop ended. */
    public enum End {
        /** The model asked for no more tools. */
        ANSWERED,
        /** The model still asks for tools, but has been called as often as allowed. */
        STEP_LIMIT,
        /** The model asks for a tool that the request offered and its sender runs; none of this answer's calls was run. */
        CALLER_TOOL
    }

    public ToolLoopAnswer {
        Objects.requireNonNull(completion, "completion");
        messages = List.copyOf(messages);
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(end, "end");
    }

    /** The text of the last answer. */
    public String text() {
        return completion.text();
    }
}
