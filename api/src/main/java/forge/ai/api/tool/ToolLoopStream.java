package forge.ai.api.tool;

import forge.ai.api.llm.CompletionStream;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A loop as it goes on, shown as one answer: the texts and thoughts of all its steps, without the calls that the loop has
 * run itself. Its end carries the usage of all steps.
 */
@ProviderType
public interface ToolLoopStream extends CompletionStream {

    /** What came of the loop, once the stream has ended. */
    Optional<ToolLoopAnswer> answer();
}
