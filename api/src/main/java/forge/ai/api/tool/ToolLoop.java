package forge.ai.api.tool;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Tool;
import java.time.Duration;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Answers conversations with the help of tools: offers the model those that are there, runs what it calls, hands it the
 * results, and so on until it asks for no more.
 *
 * <p>A call that fails, takes too long, names no tool or has wrong arguments ends neither the loop nor the other calls:
 * the model is told what was wrong, and can mend it. What the model said and thought goes back to it unchanged.
 *
 * <p>A {@link forge.ai.api.llm.ToolChoice} that demands a tool holds for the first step alone, lest the loop go on for
 * ever. Tools that the request itself offers are the sender's to run: once the model calls one, the loop ends.
 */
@ProviderType
public interface ToolLoop {

    /** The tools that are there now, by name. */
    List<Tool> tools();

    /**
     * Runs one call of a tool, and never throws what the tool throws: a failure is a result with
     * {@link Content.ToolResult#error}.
     *
     * @throws forge.ai.api.CancelledException if the thread is interrupted
     */
    Content.ToolResult call(Content.ToolCall call, Duration timeout);

    /**
     * Runs the loop to its end; interrupting the thread gives it up, with the calls that are running.
     *
     * @throws forge.ai.api.ForgeException as {@link forge.ai.api.llm.LlmService#chat}
     */
    ToolLoopAnswer chat(ChatRequest request, ToolLoopOptions options);

    /** As {@link #chat}, piece by piece; closing the stream gives the loop up. */
    ToolLoopStream streamChat(ChatRequest request, ToolLoopOptions options);
}
