package forge.ai.console.shell;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:unload}: unloads a model. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=unload"})
public final class UnloadCommand implements ShellCommand {

    private final ModelRegistry registry;

    @Activate
    public UnloadCommand(@Reference ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of("unload", "MODEL", "unloads all versions of a model once calls in flight are through");
    }

    @Override
    public void run(Call call) {
        String model = call.words().value("MODEL");
        registry.unload(model);
        call.output().line(model + " is unloaded");
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
