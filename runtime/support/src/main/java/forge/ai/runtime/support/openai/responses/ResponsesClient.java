package forge.ai.runtime.support.openai.responses;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.sse.SseCompletionStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Chats with one upstream by way of its Responses. Immutable. */
public final class ResponsesClient {

    private static final String PATH = "/responses";

    private final HttpUpstream upstream;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private final String summary;

    /** @param summary in what words thoughts are asked for, such as {@code auto}; empty to let the upstream decide */
    public ResponsesClient(HttpUpstream upstream, Endpoint endpoint, String summary) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.errors = new UpstreamErrors(endpoint);
        this.summary = summary;
    }

    /** Whether chats that came in this dialect are sent on as they came. */
    public static boolean passesThrough(String dialect) {
        return dialect.equals(Wire.OPENAI_RESPONSES);
    }

    private static Optional<Wire> passing(ChatRequest request) {
        return request.wire().filter(wire -> passesThrough(wire.dialect()));
    }

    private byte[] body(ChatRequest request, boolean stream) {
        return passing(request)
                .map(wire -> WireRequest.write(wire, request.model(), stream))
                .orElseGet(() -> RequestWriter.write(request, stream, summary));
    }

    public Completion chat(ChatRequest request) {
        Duration limit = endpoint.limits().request(request.options().timeout());
        UpstreamRequest post = UpstreamRequest.post(PATH, body(request, false)).within(request.span());
        HttpAnswer answer = upstream.call(endpoint, post, limit);
        Completion completion = AnswerReader.read(answer, errors, request.model());
        return passing(request).isPresent()
                ? completion.withWire(
                        new Wire(Wire.OPENAI_RESPONSES, new String(answer.body(), StandardCharsets.UTF_8)))
                : completion;
    }

    public CompletionStream streamChat(ChatRequest request) {
        byte[] body = body(request, true);
        boolean passing = passing(request).isPresent();
        return new SseCompletionStream(
                upstream.stream(endpoint, UpstreamRequest.post(PATH, body).within(request.span())),
                endpoint.limits().firstToken(request.options().timeout()),
                endpoint.limits().idle(),
                head -> new EventDecoder(errors, head, request.model(), passing));
    }
}
