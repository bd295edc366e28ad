package forge.ai.console.shell;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:models}: the models of the repository. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=models"})
public final class ModelsCommand implements ShellCommand {

    private static final Listing<ModelStatus> LISTING = new Listing<>(
            Column.of("model", ModelStatus::name),
            Column.of("version", ModelStatus::version),
            Column.of("state", ModelStatus::state),
            Column.of("backend", ModelStatus::backend),
            Column.of("labels", status -> status.labels().stream().sorted().toList()),
            Column.of("since", ModelStatus::since),
            Column.of("reason", ModelStatus::reason),
            Column.detail("instances", ModelStatus::instances),
            Column.detail("memoryBytes", ModelStatus::memory),
            Column.detail("digest", ModelStatus::digest),
            Column.detail("folder", ModelStatus::folder));

    private final ModelRegistry registry;

    @Activate
    public ModelsCommand(@Reference ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of("models", "[--json]", "lists the models of the repository and their states");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, registry.models());
    }
}
