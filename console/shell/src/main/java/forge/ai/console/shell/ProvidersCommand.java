package forge.ai.console.shell;

import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:providers}: the providers of language models. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=providers"})
public final class ProvidersCommand implements ShellCommand {

    private static final Listing<ProviderStatus> LISTING = new Listing<>(
            Column.of("provider", ProviderStatus::name),
            Column.of("healthy", ProviderStatus::healthy),
            Column.of("active", ProviderStatus::active),
            Column.of("since", ProviderStatus::since),
            Column.of("reason", ProviderStatus::reason));

    private final LlmService llm;

    @Activate
    public ProvidersCommand(@Reference LlmService llm) {
        this.llm = llm;
    }

    @Override
    public Usage usage() {
        return Usage.of("providers", "[--json]", "lists the providers of language models and how they do");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, llm.providers());
    }
}
