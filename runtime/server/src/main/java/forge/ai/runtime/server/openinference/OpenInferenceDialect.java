package forge.ai.runtime.server.openinference;

import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Lines;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The routes and errors of the Open Inference Protocol, version 2, with its repository and binary data extensions. */
public final class OpenInferenceDialect implements Dialect {

    private static final String MODEL = "/v2/models/{model}";
    private static final String VERSION = MODEL + "/versions/{version}";

    private final List<Route> routes;

    /**
     * @param version of the runtime
     * @param ready whether requests can be served
     */
    public OpenInferenceDialect(Services services, String version, BooleanSupplier ready) {
        ServerCalls server = new ServerCalls(version, ready);
        ModelCalls models = new ModelCalls(services);
        RepositoryCalls repository = new RepositoryCalls(services);
        StatisticsCalls statistics = new StatisticsCalls(services);
        InferCall infer = new InferCall(services);
        routes = List.of(
                Route.post(MODEL + "/infer", infer),
                Route.post(VERSION + "/infer", infer),
                Route.get("/v2", server::metadata),
                Route.get("/v2/health/live", server::live),
                Route.get("/v2/health/ready", server::ready),
                Route.get(MODEL, models::metadata),
                Route.get(VERSION, models::metadata),
                Route.get(MODEL + "/ready", models::ready),
                Route.get(VERSION + "/ready", models::ready),
                Route.get("/v2/models/stats", statistics::all),
                Route.get(MODEL + "/stats", statistics::one),
                Route.get(VERSION + "/stats", statistics::one),
                Route.post("/v2/repository/index", repository::index),
                Route.post("/v2/repository/models/{model}/load", repository::load),
                Route.post("/v2/repository/models/{model}/unload", repository::unload),
                Route.post("/v2/repository/pull", new PullCall(services)));
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
