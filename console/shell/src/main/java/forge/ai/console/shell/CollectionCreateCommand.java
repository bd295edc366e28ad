package forge.ai.console.shell;

import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import forge.ai.api.vector.CollectionSpec;
import forge.ai.api.vector.Metric;
import forge.ai.api.vector.VectorService;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:collection-create}: a collection for texts, with vectors of the length that its model makes. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=collection-create"})
public final class CollectionCreateCommand implements ShellCommand {

    private final VectorService vectors;
    private final LlmService llm;

    @Activate
    public CollectionCreateCommand(@Reference VectorService vectors, @Reference LlmService llm) {
        this.vectors = vectors;
        this.llm = llm;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "collection-create",
                "[--metric cosine|dot|euclidean] NAME MODEL",
                "makes a collection of texts that MODEL turns into vectors");
    }

    @Override
    public void run(Call call) {
        String model = call.words().value("MODEL");
        int dimensions = llm.embed(EmbeddingRequest.of(model, "text")).vectors().getFirst().length;
        Metric metric = metric(call.words());
        vectors.create(CollectionSpec.of(call.words().value("NAME"), dimensions, metric)
                .withModel(model));
        call.output().line(call.words().value("NAME") + ": " + dimensions + " dimensions");
    }

    private Metric metric(Words words) {
        String name = words.option("--metric").orElse("cosine");
        return Stream.of(Metric.values())
                .filter(metric -> metric.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> usage().wrong("there is no metric '" + name + "'"));
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("MODEL")
                ? llm.models().stream().map(LlmModel::id).toList()
                : List.of();
    }
}
