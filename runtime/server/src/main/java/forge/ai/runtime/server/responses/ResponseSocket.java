package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.llm.Caller;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.JsonBodies;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Problem;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.server.SocketHandler;
import forge.ai.runtime.server.openai.OpenAiDialect;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;

/**
 * The WebSocket mode: the client sends {@code response.create} with the fields of a request, the events of the response
 * come as messages, and the next request may follow it whether it is kept or not.
 */
final class ResponseSocket implements SocketHandler {

    private final Services services;
    private final ResponseMaker maker;
    private final LastResponse last = LastResponse.ofConnection();

    ResponseSocket(Services services, ResponseMaker maker) {
        this.services = services;
        this.maker = maker;
    }

    @Override
    public void message(byte[] message, Caller caller, Out out) throws IOException {
        ObjectNode body = (ObjectNode) JsonBodies.object(message);
        Fields fields = Fields.of(body);
        if (!fields.required("type").equals("response.create")) {
            throw fields.wrong("type", "response.create");
        }
        body.put("stream", true);
        ResponseRequest request = RequestReader.read(message, fields);
        try (LlmLease lease = services.llm(caller)) {
            maker.make(lease.service(), caller, request, (type, json, mayWait) -> out.send(json), last);
        }
    }

    static byte[] problem(Problem problem) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("type", "error");
            json.writeNumberField("status", problem.status());
            json.writeObjectFieldStart("error");
            OpenAiDialect.error(json, problem);
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
