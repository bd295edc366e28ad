package forge.ai.runtime.server.responses;

import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.server.Sockets;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.server.openai.OpenAiDialect;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;

/** The routes of OpenAI's Responses; errors as in the rest of its dialect. */
public final class ResponsesDialect implements Dialect {

    private final OpenAiDialect openAi;
    private final List<Route> routes;

    /** @param openAi words the errors */
    public ResponsesDialect(Services services, OpenAiDialect openAi, Sockets sockets) {
        this.openAi = openAi;
        ResponseMaker maker = new ResponseMaker(services);
        ResponseCalls calls = new ResponseCalls(services, maker);
        routes = List.of(
                Route.post("/v1/responses", calls::create),
                Route.get(
                                "/v1/responses",
                                exchange -> sockets.open(
                                        exchange, new ResponseSocket(services, maker), ResponseSocket::problem))
                        .withHeader("Upgrade"),
                Route.get("/v1/responses/{id}", calls::get),
                Route.delete("/v1/responses/{id}", calls::delete));
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public byte[] problem(Problem problem) {
        return openAi.problem(problem);
    }

    @Override
    public void problem(Problem problem, BodyStream stream) throws IOException {
        stream.send(Sse.event("error", Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeStringField("code", OpenAiDialect.code(problem));
            json.writeStringField("message", problem.message());
            json.writeNullField("param");
            json.writeEndObject();
        })));
    }
}
