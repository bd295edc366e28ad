package forge.ai.console.shell;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:load}: loads a model. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=load"})
public final class LoadCommand implements ShellCommand {

    private final ModelRegistry registry;

    @Activate
    public LoadCommand(@Reference ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of("load", "MODEL", "loads a model of the repository and waits until it serves");
    }

    @Override
    public void run(Call call) {
        String model = call.words().value("MODEL");
        registry.load(model);
        call.output().line(model + " is loaded");
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
