package forge.ai.provider.ollama;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.Wire;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.ndjson.NdjsonCompletionStream;
import java.time.Duration;
import java.util.Optional;

/** Asks models of one Ollama. Immutable; a new configuration is a new client on the same connections. */
final class OllamaClient {

    private static final String CHAT = "/api/chat";
    private static final String GENERATE = "/api/generate";
    private static final String EMBED = "/api/embed";

    /** What to send and what is to come of it. */
    private record Outgoing(byte[] body, Expected expected) {}

    private final HttpUpstream upstream;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private final String keepAlive;

    OllamaClient(HttpUpstream upstream, Settings settings) {
        this.upstream = upstream;
        this.endpoint = settings.endpoint();
        this.errors = new UpstreamErrors(endpoint);
        this.keepAlive = settings.keepAlive();
    }

    /** Whether chats that came in this dialect are sent on as they came. */
    static boolean passesThrough(String dialect) {
        return dialect.equals(Wire.OLLAMA_CHAT);
    }

    Completion chat(ChatRequest request) {
        Outgoing out = outgoing(request, false);
        HttpAnswer answer = post(CHAT, out.body(), request.options().timeout(), request.span());
        return new AnswerReader(answer, errors, out.expected()).read();
    }

    CompletionStream streamChat(ChatRequest request) {
        return stream(CHAT, outgoing(request, true), request.options(), request.span());
    }

    private Outgoing outgoing(ChatRequest request, boolean stream) {
        Optional<Wire> wire = request.wire().filter(w -> passesThrough(w.dialect()));
        if (wire.isPresent()) {
            return new Outgoing(
                    WireRequest.write(wire.get(), request.model(), keepAlive, stream),
                    new Expected(Fields.CHAT, request.model(), null, true));
        }
        ForcedCall forced = ForcedCall.of(request);
        ChatRequest sent = forced == null ? request : forced.instructed();
        return new Outgoing(
                new ChatRequestWriter(sent, keepAlive).write(stream),
                new Expected(Fields.CHAT, request.model(), forced, false));
    }

    Completion complete(CompletionRequest request) {
        Outgoing out = outgoing(request, false);
        HttpAnswer answer = post(GENERATE, out.body(), request.options().timeout(), request.span());
        return new AnswerReader(answer, errors, out.expected()).read();
    }

    CompletionStream streamCompletion(CompletionRequest request) {
        return stream(GENERATE, outgoing(request, true), request.options(), request.span());
    }

    private Outgoing outgoing(CompletionRequest request, boolean stream) {
        return new Outgoing(
                GenerateRequestWriter.write(request, keepAlive, stream),
                new Expected(Fields.GENERATE, request.model(), null, false));
    }

    Embeddings embed(EmbeddingRequest request) {
        byte[] body = EmbedRequestWriter.write(request, keepAlive);
        return EmbedReader.read(post(EMBED, body, request.timeout(), request.span()), errors, request);
    }

    private HttpAnswer post(String path, byte[] body, Optional<Duration> asked, Span span) {
        return upstream.call(
                endpoint,
                UpstreamRequest.post(path, body).within(span),
                endpoint.limits().request(asked));
    }

    private CompletionStream stream(String path, Outgoing out, GenerationOptions options, Span span) {
        return new NdjsonCompletionStream(
                upstream.stream(endpoint, UpstreamRequest.post(path, out.body()).within(span)),
                endpoint.limits().firstToken(options.timeout()),
                endpoint.limits().idle(),
                head -> new LineDecoder(errors, head, out.expected()));
    }
}
