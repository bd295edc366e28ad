package forge.ai.console.shell;

import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:llm-models}: what can be asked for. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=llm-models"})
public final class LlmModelsCommand implements ShellCommand {

    private static final Listing<LlmModel> LISTING = new Listing<>(
            Column.of("model", LlmModel::id),
            Column.of("owner", LlmModel::owner),
            Column.of(
                    "context",
                    model -> model.contextTokens().isPresent()
                            ? model.contextTokens().getAsInt()
                            : ""),
            Column.of("capabilities", LlmModelsCommand::capabilities));

    private final LlmService llm;

    @Activate
    public LlmModelsCommand(@Reference LlmService llm) {
        this.llm = llm;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "llm-models", "[--json]", "lists what ai:chat and ai:embed can ask: routes and models of providers");
    }

    private static List<String> capabilities(LlmModel model) {
        return model.capabilities().stream()
                .sorted()
                .map(capability -> capability.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, llm.models());
    }
}
