package forge.ai.console.shell;

import forge.ai.api.vector.VectorService;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:collection-drop}: takes a collection away. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=collection-drop"})
public final class CollectionDropCommand implements ShellCommand {

    private final VectorService vectors;

    @Activate
    public CollectionDropCommand(@Reference VectorService vectors) {
        this.vectors = vectors;
    }

    @Override
    public Usage usage() {
        return Usage.of("collection-drop", "COLLECTION", "takes a collection away, with all that is in it");
    }

    @Override
    public void run(Call call) {
        vectors.drop(call.words().value("COLLECTION"));
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("COLLECTION") ? CollectionsCommand.names(vectors) : List.of();
    }
}
