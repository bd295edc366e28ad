package forge.ai.runtime.support.openai.responses;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.sse.SseCompletionStream;
import java.time.Duration;

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

    public Completion chat(ChatRequest request) {
        Duration limit = endpoint.limits().request(request.options().timeout());
        HttpAnswer answer = upstream.call(
                endpoint, UpstreamRequest.post(PATH, RequestWriter.write(request, false, summary)), limit);
        return AnswerReader.read(answer, errors, request.model());
    }

    public CompletionStream streamChat(ChatRequest request) {
        byte[] body = RequestWriter.write(request, true, summary);
        return new SseCompletionStream(
                upstream.stream(endpoint, UpstreamRequest.post(PATH, body)),
                endpoint.limits().firstToken(request.options().timeout()),
                endpoint.limits().idle(),
                head -> new EventDecoder(errors, head, request.model()));
    }
}
