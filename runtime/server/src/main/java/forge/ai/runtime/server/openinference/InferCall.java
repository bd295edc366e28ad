package forge.ai.runtime.server.openinference;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.support.lease.Lease;
import java.io.IOException;

/** Computes one request. */
final class InferCall implements Handler {

    /** Says how much of a body is JSON, where bytes of tensors follow it. */
    static final String JSON_LENGTH = "Inference-Header-Content-Length";

    private final Services services;

    InferCall(Services services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body();
        InferBody body = InferReader.read(bytes, jsonLength(exchange, bytes.length));
        InferenceRequest request = new InferenceRequest(
                exchange.variable("model"), version(exchange), body.inputs, body.outputs, body.priority, body.timeout);
        InferenceResult result;
        try (Lease<InferenceService> engine = services.inference(exchange)) {
            result = engine.service().infer(body.keeping.addTo(request).withSpan(exchange.span()));
        }
        new InferAnswer(body, result).send(exchange);
    }

    /** Which version the path means. */
    static VersionSelector version(Exchange exchange) {
        return VersionSelector.parse(exchange.find("version").orElse(""));
    }

    private static int jsonLength(Exchange exchange, int size) {
        String text = exchange.header(JSON_LENGTH).orElse("");
        if (text.isEmpty()) {
            return size;
        }
        try {
            int length = Integer.parseInt(text.strip());
            if (length >= 0 && length <= size) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Refused like a length out of range.
        }
        throw new InvalidRequestException(
                "the header %s is %s; expected: 0 to %d, the length of the body".formatted(JSON_LENGTH, text, size));
    }
}
