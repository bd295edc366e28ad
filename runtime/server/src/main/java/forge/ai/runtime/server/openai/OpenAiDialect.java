package forge.ai.runtime.server.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;

/** OpenAI's routes and errors. */
public final class OpenAiDialect implements Dialect {

    private final List<Route> routes;

    public OpenAiDialect(Services services) {
        ModelCalls models = new ModelCalls(services);
        routes = List.of(
                Route.get("/v1/models", models::list),
                Route.get("/v1/models/{id...}", models::one),
                Route.post("/v1/chat/completions", new ChatCalls(services)),
                Route.post("/v1/completions", new TextCalls(services)),
                Route.post("/v1/embeddings", new EmbeddingCalls(services)));
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public byte[] problem(Problem problem) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            error(json, problem);
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    @Override
    public void problem(Problem problem, BodyStream stream) throws IOException {
        stream.send(Sse.data(problem(problem)));
    }

    /** The fields of an error. */
    public static void error(JsonGenerator json, Problem problem) throws IOException {
        json.writeStringField("message", problem.message());
        json.writeStringField("type", type(problem));
        if (problem.parameter().isEmpty()) {
            json.writeNullField("param");
        } else {
            json.writeStringField("param", problem.parameter());
        }
        json.writeStringField("code", code(problem));
    }

    private static String type(Problem problem) {
        return switch (problem.code()) {
            case INVALID_REQUEST, NOT_FOUND, CONTEXT_LENGTH, CONTENT_FILTERED, UNSUPPORTED, CANCELLED ->
                "invalid_request_error";
            case AUTHENTICATION -> "authentication_error";
            case PERMISSION -> "permission_error";
            case RATE_LIMITED -> "rate_limit_error";
            case QUOTA -> "insufficient_quota";
            case TIMEOUT, UNAVAILABLE, RESOURCE_EXHAUSTED, PROTOCOL, INTERNAL -> "server_error";
        };
    }

    /** The word for what went wrong. */
    public static String code(Problem problem) {
        return switch (problem.code()) {
            case INVALID_REQUEST -> invalid(problem);
            case NOT_FOUND -> missing(problem);
            case CONTEXT_LENGTH -> "context_length_exceeded";
            case CONTENT_FILTERED -> "content_filter";
            case UNSUPPORTED -> "unsupported";
            case CANCELLED -> "cancelled";
            case AUTHENTICATION -> "invalid_api_key";
            case PERMISSION -> "permission_denied";
            case RATE_LIMITED -> "rate_limit_exceeded";
            case QUOTA -> "insufficient_quota";
            case TIMEOUT -> "timeout";
            case UNAVAILABLE -> "unavailable";
            case RESOURCE_EXHAUSTED -> "overloaded";
            case PROTOCOL -> "bad_upstream_answer";
            case INTERNAL -> "internal_error";
        };
    }

    private static String invalid(Problem problem) {
        if (problem.parameter().equals("previous_response_id")) {
            return "previous_response_not_found";
        }
        return problem.status() == 413 ? "request_too_large" : "invalid_request";
    }

    private static String missing(Problem problem) {
        if (problem.refused()) {
            return "unknown_url";
        }
        return problem.parameter().equals("response_id") ? "response_not_found" : "model_not_found";
    }
}
