package forge.ai.example.consumer;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Message;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The shell command {@code example:ask MODEL QUESTION}. */
@Component(
        service = Object.class,
        property = {"osgi.command.scope=example", "osgi.command.function=ask"})
public final class AskCommand {

    private final LlmService llm;

    @Activate
    public AskCommand(@Reference LlmService llm) {
        this.llm = llm;
    }

    public String ask(String model, String question) {
        return llm.chat(ChatRequest.of(model, Message.user(question))).text();
    }
}
