package forge.ai.console.shell;

import forge.ai.api.vector.VectorMatch;
import forge.ai.api.vector.VectorQuery;
import forge.ai.api.vector.VectorService;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:search}: the entries of a collection that are nearest to a text. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=search"})
public final class SearchCommand implements ShellCommand {

    private static final int USUAL = 10;

    private static final Listing<VectorMatch> LISTING = new Listing<>(
            Column.of("id", match -> match.entry().id()),
            Column.of("score", match -> Math.round(match.score() * 1e6) / 1e6),
            Column.of("text", match -> match.entry().text()));

    private final VectorService vectors;

    @Activate
    public SearchCommand(@Reference VectorService vectors) {
        this.vectors = vectors;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "search",
                "[--json] [--exact] [--k N] COLLECTION TEXT...",
                "lists the entries of a collection that are nearest to a text");
    }

    @Override
    public void run(Call call) {
        VectorQuery query = VectorQuery.ofText(
                call.words().value("COLLECTION"),
                call.words().text("TEXT"),
                call.words().integer("--k").orElse(USUAL));
        LISTING.show(call, vectors.search(call.words().has("--exact") ? query.exactly() : query));
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("COLLECTION") ? CollectionsCommand.names(vectors) : List.of();
    }
}
