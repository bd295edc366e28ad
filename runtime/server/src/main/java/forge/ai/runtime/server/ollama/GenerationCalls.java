package forge.ai.runtime.server.ollama;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Fields;
import forge.ai.runtime.server.JsonBodies;
import forge.ai.runtime.server.Lines;
import forge.ai.runtime.server.LlmLease;
import forge.ai.runtime.server.Services;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@code POST /api/chat} and {@code POST /api/generate}, which stream unless they are told not to. */
final class GenerationCalls {

    private final Services services;

    GenerationCalls(Services services) {
        this.services = services;
    }

    void chat(Exchange exchange) throws IOException {
        byte[] bytes = exchange.body();
        Fields body = Fields.of(JsonBodies.object(bytes));
        if (!body.has("messages") || body.objects("messages").isEmpty()) {
            load(exchange, body, Shape.CHAT);
            return;
        }
        ChatRequest request = RequestReader.chat(bytes, body);
        answer(exchange, body, Shape.CHAT, llm -> llm.chat(request), llm -> llm.streamChat(request));
    }

    void generate(Exchange exchange) throws IOException {
        Fields body = Fields.of(exchange.json());
        if (body.text("prompt").filter(p -> !p.isEmpty()).isEmpty() && !body.has("images")) {
            load(exchange, body, Shape.GENERATE);
        } else if (body.is("raw")) {
            CompletionRequest request = RequestReader.raw(body);
            answer(exchange, body, Shape.GENERATE, llm -> llm.complete(request), llm -> llm.streamCompletion(request));
        } else {
            ChatRequest request = RequestReader.prompt(body);
            answer(exchange, body, Shape.GENERATE, llm -> llm.chat(request), llm -> llm.streamChat(request));
        }
    }

    private void answer(
            Exchange exchange,
            Fields body,
            Shape shape,
            Function<LlmService, Completion> whole,
            Function<LlmService, CompletionStream> streamed)
            throws IOException {
        Answer answer = new Answer(shape, body.required("model"));
        boolean stream = body.flag("stream").orElse(true);
        try (LlmLease lease = services.llm(exchange)) {
            if (stream) {
                LineWriter writer = new LineWriter(answer);
                var out = Lines.open(exchange);
                try (CompletionStream events = streamed.apply(lease.service())) {
                    out.copy(events, writer::write);
                }
            } else {
                Completion completion = whole.apply(lease.service());
                exchange.answer(200, "application/json", write(answer, completion));
            }
        }
    }

    private static byte[] write(Answer answer, Completion completion) {
        return completion
                .wire()
                .filter(wire -> wire.dialect().equals(Wire.OLLAMA_CHAT))
                .map(wire -> wire.json().getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> {
                    answer.model(completion.model());
                    return answer.last(
                            Said.of(completion),
                            new Finished(
                                    completion.finish(),
                                    completion.stopSequence(),
                                    completion.usage(),
                                    completion.extensions()));
                });
    }

    /** Nothing is asked: clients want the model to be there when they do. Providers load when they are asked. */
    private void load(Exchange exchange, Fields body, Shape shape) throws IOException {
        String model = body.required("model");
        ModelCalls.check(exchange, services, model);
        boolean unload = body.get("keep_alive")
                .filter(k -> k.asText().matches("0[a-z]*"))
                .isPresent();
        Map<String, String> reason = Map.of("finish_reason", unload ? "\"unload\"" : "\"load\"");
        byte[] line = new Answer(shape, model)
                .last(Said.NOTHING, new Finished(FinishReason.OTHER, "", Optional.empty(), reason));
        exchange.answer(200, "application/json", line);
    }
}
