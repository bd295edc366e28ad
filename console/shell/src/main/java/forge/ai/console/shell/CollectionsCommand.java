package forge.ai.console.shell;

import forge.ai.api.vector.VectorCollection;
import forge.ai.api.vector.VectorService;
import java.util.List;
import java.util.Locale;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:collections}: the collections of vectors. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=collections"})
public final class CollectionsCommand implements ShellCommand {

    private static final Listing<VectorCollection> LISTING = new Listing<>(
            Column.of("collection", one -> one.spec().name()),
            Column.of("entries", VectorCollection::entries),
            Column.of("dimensions", one -> one.spec().dimensions()),
            Column.of("metric", one -> one.spec().metric().name().toLowerCase(Locale.ROOT)),
            Column.of("model", one -> one.spec().model()));

    private final VectorService vectors;

    @Activate
    public CollectionsCommand(@Reference VectorService vectors) {
        this.vectors = vectors;
    }

    @Override
    public Usage usage() {
        return Usage.of("collections", "[--json]", "lists the collections of vectors");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, vectors.collections());
    }

    /** The names of all collections. */
    static List<String> names(VectorService vectors) {
        return vectors.collections().stream().map(one -> one.spec().name()).toList();
    }
}
