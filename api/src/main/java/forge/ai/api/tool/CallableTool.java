package forge.ai.api.tool;

import forge.ai.api.llm.Content;
import forge.ai.api.llm.Tool;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A tool that language models can have run. Publish it as a service; it can be called as soon as it is there. For tools
 * that are plain methods, see {@link ToolMethod}.
 *
 * <p>Calls come from many threads, each on a virtual thread that is interrupted when nobody waits any more. Of several
 * tools with the same name the service with the highest ranking is called, of equals the newest.
 */
@ConsumerType
public interface CallableTool {

    /** Name, description and parameters, as the model sees them; asked for once, when the service comes. */
    Tool definition();

    /**
     * Runs the tool. What it throws is told to the model as the result of the call, its message included.
     *
     * @param arguments a JSON object as text; the model should have followed the schema, but need not have
     * @return text and pictures for the model
     */
    List<Content> call(String arguments);
}
