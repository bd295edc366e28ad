package forge.ai.api.prompt;

import forge.ai.api.llm.Message;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The prompts of the configuration. A change of one holds for the next rendering. */
@ProviderType
public interface PromptTemplates {

    /** All of them, by name. */
    List<PromptTemplate> list();

    /**
     * Fills a prompt. Values are put in as they are: nothing in them is taken for a variable or for another message.
     *
     * @param name of the prompt
     * @param values by the name of the variable: texts, numbers, booleans, lists of texts; a text is also read as what
     *     the variable needs
     * @return the messages, ready for a {@link forge.ai.api.llm.ChatRequest}
     * @throws forge.ai.api.NotFoundException if there is no prompt of that name; the message names those there are
     * @throws forge.ai.api.InvalidRequestException if values are missing, not allowed, or of no variable; the message
     *     names each such variable and what is allowed
     */
    List<Message> render(String name, Map<String, ?> values);
}
