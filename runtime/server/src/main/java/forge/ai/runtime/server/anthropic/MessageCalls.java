package forge.ai.runtime.server.anthropic;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.TokenCount;
import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.JsonBodies;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.anthropic.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** {@code POST /v1/messages} and {@code POST /v1/messages/count_tokens}. */
final class MessageCalls {

    private static final byte[] PING =
            Sse.event(Messages.PING, "{\"type\": \"ping\"}".getBytes(StandardCharsets.US_ASCII));

    private final Services services;

    MessageCalls(Services services) {
        this.services = services;
    }

    void create(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body();
        Fields body = Fields.of(JsonBodies.object(bytes));
        ChatRequest request = MessagesRequestReader.read(exchange, body, bytes);
        if (request.options().maxTokens().isEmpty()) {
            throw body.wrong("max_tokens", "an integer of at least 1");
        }
        boolean stream = body.is("stream");
        try (LlmLease lease = services.llm(exchange)) {
            if (stream) {
                stream(exchange, lease.service(), request);
            } else {
                Completion completion = lease.service().chat(request);
                exchange.answer(200, "application/json", MessageWriter.write(completion, request.model()));
            }
        }
    }

    private static void stream(Exchange exchange, LlmService llm, ChatRequest request) throws IOException {
        EventWriter writer = new EventWriter(request.model());
        BodyStream out = exchange.stream(Sse.MEDIA_TYPE, PING);
        try (CompletionStream stream = llm.streamChat(request)) {
            out.copy(stream, writer::write);
        }
    }

    void count(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body();
        ChatRequest request = MessagesRequestReader.read(exchange, Fields.of(JsonBodies.object(bytes)), bytes);
        TokenCount count;
        try (LlmLease lease = services.llm(exchange)) {
            count = lease.service().countTokens(request);
        }
        exchange.json(200, json -> {
            json.writeStartObject();
            json.writeNumberField("input_tokens", count.inputTokens());
            json.writeEndObject();
        });
    }
}
