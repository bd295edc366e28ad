package forge.ai.runtime.server.responses;

import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.JsonBodies;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.server.Sse;
import java.io.IOException;

/** {@code /v1/responses}: makes responses, and gives and forgets those that are kept. */
final class ResponseCalls {

    private final Services services;
    private final ResponseMaker maker;

    ResponseCalls(Services services, ResponseMaker maker) {
        this.services = services;
        this.maker = maker;
    }

    void create(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body();
        ResponseRequest request = RequestReader.read(bytes, Fields.of(JsonBodies.object(bytes)));
        try (LlmLease lease = services.llm(exchange)) {
            if (request.stream()) {
                BodyStream body = exchange.stream(Sse.MEDIA_TYPE, Sse.SILENCE);
                Events events = (type, json, mayWait) -> {
                    byte[] event = Sse.event(type, json);
                    if (mayWait) {
                        body.hold(event);
                    } else {
                        body.send(event);
                    }
                };
                maker.make(lease.service(), exchange.caller(), request, events, LastResponse.unconnected());
            } else {
                exchange.answer(
                        200,
                        "application/json",
                        maker.make(
                                lease.service(),
                                exchange.caller(),
                                request,
                                Events.NOWHERE,
                                LastResponse.unconnected()));
            }
        }
    }

    void get(Exchange exchange) throws IOException {
        exchange.answer(200, "application/json", maker.kept().get(exchange.variable("id"), exchange.caller()));
    }

    void delete(Exchange exchange) throws IOException {
        String id = exchange.variable("id");
        maker.kept().delete(id, exchange.caller());
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("object", "response");
            json.writeBooleanField("deleted", true);
            json.writeEndObject();
        });
    }
}
