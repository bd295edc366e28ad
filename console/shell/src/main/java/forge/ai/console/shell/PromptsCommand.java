package forge.ai.console.shell;

import forge.ai.api.prompt.PromptTemplate;
import forge.ai.api.prompt.PromptTemplates;
import forge.ai.api.prompt.PromptVariable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:prompts}: the configured prompts. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=prompts"})
public final class PromptsCommand implements ShellCommand {

    private static final Listing<PromptTemplate> LISTING = new Listing<>(
            Column.of("prompt", PromptTemplate::name),
            Column.of(
                    "variables",
                    prompt -> prompt.variables().stream()
                            .map(PromptVariable::name)
                            .toList()),
            Column.of("description", PromptTemplate::description));

    private final PromptTemplates prompts;

    @Activate
    public PromptsCommand(@Reference PromptTemplates prompts) {
        this.prompts = prompts;
    }

    @Override
    public Usage usage() {
        return Usage.of("prompts", "[--json]", "lists the prompts and what they are filled with");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, prompts.list());
    }
}
