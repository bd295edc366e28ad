package forge.ai.runtime.server.tensorflow;

import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The routes and errors of TensorFlow Serving. What it answers to GET stands where OpenAI's and Anthropic's models stand
 * too; it is meant where the path begins with a model of the repository that language models have no such name for.
 */
public final class TensorFlowDialect implements Dialect {

    private static final String MODEL = "/v1/models/{model}";
    private static final List<String> PLACES = List.of(MODEL, MODEL + "/versions/{version}", MODEL + "/labels/{label}");

    private final List<Route> routes = new ArrayList<>();

    public TensorFlowDialect(Services services) {
        PredictCalls predictions = new PredictCalls(services);
        StatusCalls status = new StatusCalls(services);
        Predicate<Map<String, String>> meant = variables -> services.namesModel(variables.get("model"));
        for (String place : PLACES) {
            // The verb is the end of the last segment.
            routes.add(Route.post(place, predictions));
            routes.add(Route.get(place, status::status).when(meant));
            routes.add(Route.get(place + "/metadata", status::metadata).when(meant));
        }
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
    public void problem(Problem problem, BodyStream stream) {
        // Nothing here is answered piece by piece.
    }
}
