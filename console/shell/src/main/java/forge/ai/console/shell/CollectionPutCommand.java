package forge.ai.console.shell;

import forge.ai.api.vector.VectorEntry;
import forge.ai.api.vector.VectorService;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:collection-put}: puts a text into a collection. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=collection-put"})
public final class CollectionPutCommand implements ShellCommand {

    private final VectorService vectors;

    @Activate
    public CollectionPutCommand(@Reference VectorService vectors) {
        this.vectors = vectors;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "collection-put", "COLLECTION ID TEXT...", "puts a text into a collection, or replaces that of the id");
    }

    @Override
    public void run(Call call) {
        vectors.put(
                call.words().value("COLLECTION"),
                List.of(VectorEntry.ofText(
                        call.words().value("ID"), call.words().text("TEXT"))));
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("COLLECTION") ? CollectionsCommand.names(vectors) : List.of();
    }
}
