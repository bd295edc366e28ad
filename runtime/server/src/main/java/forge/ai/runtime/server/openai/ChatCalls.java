package forge.ai.runtime.server.openai;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.Handler;
import forge.ai.runtime.server.JsonBodies;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;

/** {@code POST /v1/chat/completions}. */
final class ChatCalls implements Handler {

    private final Services services;

    ChatCalls(Services services) {
        this.services = services;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body();
        Fields body = Fields.of(JsonBodies.object(bytes));
        ChatRequest request = ChatRequestReader.read(bytes, body);
        boolean stream = body.is("stream");
        boolean usage =
                body.has("stream_options") && body.object("stream_options").is("include_usage");
        try (LlmLease lease = services.llm(exchange)) {
            if (stream) {
                stream(exchange, lease.service(), request, usage);
            } else {
                Completion completion = lease.service().chat(request);
                exchange.answer(200, "application/json", ChatAnswerWriter.write(completion, request.model()));
            }
        }
    }

    private static void stream(Exchange exchange, LlmService llm, ChatRequest request, boolean usage)
            throws IOException {
        ChatChunkWriter writer = new ChatChunkWriter(request.model(), usage);
        OpenAiStream out = new OpenAiStream(exchange);
        try (CompletionStream stream = llm.streamChat(request)) {
            out.copy(stream, writer::write);
            out.done();
        }
    }
}
