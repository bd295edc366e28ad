package forge.ai.console.shell;

import forge.ai.api.llm.Message;
import forge.ai.api.prompt.PromptTemplate;
import forge.ai.api.prompt.PromptTemplates;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:prompt}: fills a prompt and shows the messages. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=prompt"})
public final class PromptCommand implements ShellCommand {

    private static final Listing<Message> LISTING = new Listing<>(
            Column.of("role", message -> message.role().name().toLowerCase(Locale.ROOT)),
            Column.of("text", Message::text));

    private final PromptTemplates prompts;

    @Activate
    public PromptCommand(@Reference PromptTemplates prompts) {
        this.prompts = prompts;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "prompt",
                "[--json] PROMPT [VARIABLE=VALUE...]",
                "fills a prompt and shows its messages; a repeated variable is a list");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        List<Message> messages = prompts.render(words.value("PROMPT"), words.pairs("VARIABLE=VALUE"));
        if (words.has("--json")) {
            LISTING.show(call, messages);
        } else {
            messages.forEach(message ->
                    call.output().piece(message.role().name().toLowerCase(Locale.ROOT) + ": " + message.text() + "\n"));
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("PROMPT")
                ? prompts.list().stream().map(PromptTemplate::name).toList()
                : List.of();
    }
}
