package forge.ai.runtime.server.anthropic;

import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Dialect;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.FreshId;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.LimitHeaders;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Route;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.List;

/** Anthropic's routes and errors. */
public final class AnthropicDialect implements Dialect {

    private static final String REQUEST_ID = "request-id";
    private static final String PREFIX = "req_";

    private final List<Route> routes;

    public AnthropicDialect(Services services) {
        MessageCalls messages = new MessageCalls(services);
        ModelCalls models = new ModelCalls(services);
        routes = List.of(
                Route.post("/v1/messages", named(messages::create)),
                Route.post("/v1/messages/count_tokens", named(messages::count)),
                Route.get("/v1/models", named(models::list)).withHeader(ApiVersion.HEADER),
                Route.get("/v1/models/{id...}", named(models::one)).withHeader(ApiVersion.HEADER));
    }

    /** Answers say which request they are for, as the vendor's do. */
    private static Handler named(Handler handler) {
        return exchange -> {
            exchange.header(REQUEST_ID, PREFIX + exchange.id());
            handler.handle(exchange);
        };
    }

    @Override
    public List<Route> routes() {
        return routes;
    }

    @Override
    public LimitHeaders limitHeaders() {
        return LimitHeaders.ANTHROPIC;
    }

    @Override
    public int status(Problem problem) {
        return switch (problem.code()) {
            case QUOTA -> 402;
            case UNAVAILABLE, RESOURCE_EXHAUSTED -> 529;
            default -> problem.status();
        };
    }

    @Override
    public byte[] problem(Problem problem, Exchange exchange) {
        exchange.header(REQUEST_ID, PREFIX + exchange.id());
        return document(problem, PREFIX + exchange.id());
    }

    @Override
    public byte[] problem(Problem problem) {
        return document(problem, FreshId.of(PREFIX));
    }

    private static byte[] document(Problem problem, String requestId) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeObjectFieldStart("error");
            json.writeStringField("type", type(problem));
            json.writeStringField("message", problem.message());
            json.writeEndObject();
            json.writeStringField("request_id", requestId);
            json.writeEndObject();
        });
    }

    @Override
    public void problem(Problem problem, BodyStream stream) throws IOException {
        stream.send(Sse.event(Messages.ERROR, problem(problem)));
    }

    private static String type(Problem problem) {
        return switch (problem.code()) {
            case INVALID_REQUEST -> problem.status() == 413 ? "request_too_large" : "invalid_request_error";
            case CONTEXT_LENGTH, CONTENT_FILTERED, UNSUPPORTED, CANCELLED -> "invalid_request_error";
            case AUTHENTICATION -> "authentication_error";
            case PERMISSION -> "permission_error";
            case NOT_FOUND -> "not_found_error";
            case RATE_LIMITED -> "rate_limit_error";
            case QUOTA -> "billing_error";
            case TIMEOUT -> "timeout_error";
            case UNAVAILABLE, RESOURCE_EXHAUSTED -> "overloaded_error";
            case PROTOCOL, INTERNAL -> "api_error";
        };
    }
}
