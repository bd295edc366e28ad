package forge.ai.provider.ollama;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.GenerationOptions;
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

    Completion chat(ChatRequest request) {
        byte[] body = new ChatRequestWriter(request, keepAlive).write(false);
        HttpAnswer answer = post(CHAT, body, request.options().timeout());
        return new AnswerReader(answer, errors, Fields.CHAT, request.model()).read();
    }

    CompletionStream streamChat(ChatRequest request) {
        byte[] body = new ChatRequestWriter(request, keepAlive).write(true);
        return stream(CHAT, body, request.options(), Fields.CHAT, request.model());
    }

    Completion complete(CompletionRequest request) {
        byte[] body = GenerateRequestWriter.write(request, keepAlive, false);
        HttpAnswer answer = post(GENERATE, body, request.options().timeout());
        return new AnswerReader(answer, errors, Fields.GENERATE, request.model()).read();
    }

    CompletionStream streamCompletion(CompletionRequest request) {
        byte[] body = GenerateRequestWriter.write(request, keepAlive, true);
        return stream(GENERATE, body, request.options(), Fields.GENERATE, request.model());
    }

    Embeddings embed(EmbeddingRequest request) {
        byte[] body = EmbedRequestWriter.write(request, keepAlive);
        return EmbedReader.read(post(EMBED, body, request.timeout()), errors, request);
    }

    private HttpAnswer post(String path, byte[] body, Optional<Duration> asked) {
        return upstream.call(
                endpoint, UpstreamRequest.post(path, body), endpoint.limits().request(asked));
    }

    private CompletionStream stream(String path, byte[] body, GenerationOptions options, Fields fields, String model) {
        return new NdjsonCompletionStream(
                upstream.stream(endpoint, UpstreamRequest.post(path, body)),
                endpoint.limits().firstToken(options.timeout()),
                endpoint.limits().idle(),
                head -> new LineDecoder(errors, head, fields, model));
    }
}
