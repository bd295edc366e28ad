package forge.ai.console.shell;

import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelStatus;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:label}: puts a label on a version of a model. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=label"})
public final class LabelCommand implements ShellCommand {

    private final ModelRegistry registry;

    @Activate
    public LabelCommand(@Reference ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Usage usage() {
        return Usage.of("label", "MODEL LABEL VERSION", "puts a label such as stable on a version of a model");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        long version = words.whole("VERSION");
        registry.label(words.value("MODEL"), words.value("LABEL"), version);
        call.output().line(words.value("MODEL") + " " + words.value("LABEL") + " is version " + version);
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? registry.models().stream().map(ModelStatus::name).distinct().toList()
                : List.of();
    }
}
