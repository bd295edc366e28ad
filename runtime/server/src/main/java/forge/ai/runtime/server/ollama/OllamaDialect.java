package forge.ai.runtime.server.ollama;

import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Lines;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;

/** Ollama's routes and errors. */
public final class OllamaDialect implements Dialect {

    private final List<Route> routes;

    public OllamaDialect(Services services) {
        GenerationCalls generation = new GenerationCalls(services);
        EmbeddingCalls embeddings = new EmbeddingCalls(services);
        ModelCalls models = new ModelCalls(services);
        LibraryCalls library = new LibraryCalls(services);
        routes = List.of(
                Route.post("/api/chat", generation::chat),
                Route.post("/api/generate", generation::generate),
                Route.post("/api/embed", embeddings::embed),
                Route.post("/api/embeddings", embeddings::embedOne),
                Route.get("/api/tags", models::tags),
                Route.get("/api/ps", models::running),
                Route.get("/api/version", models::version),
                Route.post("/api/show", models::show),
                Route.post("/api/pull", library::pull),
                Route.delete("/api/delete", library::delete));
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public byte[] problem(Problem problem) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("error", problem.message());
            json.writeEndObject();
        });
    }

    @Override
    public void problem(Problem problem, BodyStream stream) throws IOException {
        stream.send(Lines.line(problem(problem)));
    }
}
