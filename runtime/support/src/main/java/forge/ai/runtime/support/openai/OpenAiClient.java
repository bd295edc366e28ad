package forge.ai.runtime.support.openai;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.GenerationOptions;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.Wire;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.openai.ChunkDecoder.Passing;
import forge.ai.runtime.support.openai.responses.ResponsesClient;
import forge.ai.runtime.support.sse.SseCompletionStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Calls one upstream that speaks the dialect. Immutable; a new configuration is a new client on the same connections. */
public final class OpenAiClient {

    private static final String CHAT = "/chat/completions";

    private final HttpUpstream upstream;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private final Dialect dialect;
    private final ResponsesClient responses;

    public OpenAiClient(HttpUpstream upstream, Endpoint endpoint) {
        this(upstream, endpoint, Dialect.at(endpoint.baseUrl(), ""));
    }

    public OpenAiClient(HttpUpstream upstream, Endpoint endpoint, Dialect dialect) {
        this.upstream = upstream;
        this.endpoint = endpoint;
        this.errors = new UpstreamErrors(endpoint);
        this.dialect = dialect;
        this.responses = new ResponsesClient(upstream, endpoint, dialect.summary());
    }

    /** Whether chats that came in this dialect are sent on as they came, where they go to the Chat Completions. */
    public static boolean passesThrough(String dialect) {
        return dialect.equals(Wire.OPENAI_CHAT);
    }

    private static boolean passesThrough(ChatRequest request) {
        return request.wire().filter(wire -> passesThrough(wire.dialect())).isPresent();
    }

    public Completion chat(ChatRequest request) {
        if (dialect.responses()) {
            return responses.chat(request);
        }
        boolean wire = passesThrough(request);
        Duration limit = endpoint.limits().request(request.options().timeout());
        byte[] body =
                wire ? WireRequest.of(request, dialect).whole() : ChatRequestWriter.write(request, false, dialect);
        HttpAnswer answer = post(CHAT, body, limit, request.span());
        Completion completion = new AnswerReader(answer, errors).chat();
        return wire
                ? completion.withWire(new Wire(Wire.OPENAI_CHAT, new String(answer.body(), StandardCharsets.UTF_8)))
                : completion;
    }

    public CompletionStream streamChat(ChatRequest request) {
        if (dialect.responses()) {
            return responses.streamChat(request);
        }
        if (passesThrough(request)) {
            WireRequest wire = WireRequest.of(request, dialect);
            return stream(CHAT, wire.streamed(), request.options(), request.model(), wire.passing(), request.span());
        }
        byte[] body = ChatRequestWriter.write(request, true, dialect);
        return stream(CHAT, body, request.options(), request.model(), Passing.NOTHING, request.span());
    }

    public Completion complete(CompletionRequest request) {
        Duration limit = endpoint.limits().request(request.options().timeout());
        byte[] body = TextRequestWriter.write(request, false, dialect);
        return new AnswerReader(post("/completions", body, limit, request.span()), errors).text();
    }

    public CompletionStream streamCompletion(CompletionRequest request) {
        byte[] body = TextRequestWriter.write(request, true, dialect);
        return stream("/completions", body, request.options(), request.model(), Passing.NOTHING, request.span());
    }

    public Embeddings embed(EmbeddingRequest request) {
        Duration limit = endpoint.limits().request(request.timeout());
        byte[] body = EmbeddingRequestWriter.write(request, dialect);
        return new EmbeddingReader(post("/embeddings", body, limit, request.span()), errors).read(request);
    }

    private HttpAnswer post(String path, byte[] body, Duration limit, Span span) {
        return upstream.call(endpoint, UpstreamRequest.post(path, body).within(span), limit);
    }

    private CompletionStream stream(
            String path, byte[] body, GenerationOptions options, String model, Passing passing, Span span) {
        return new SseCompletionStream(
                upstream.stream(endpoint, UpstreamRequest.post(path, body).within(span)),
                endpoint.limits().firstToken(options.timeout()),
                endpoint.limits().idle(),
                head -> new ChunkDecoder(errors, head, model, passing));
    }

    /** The models that the upstream lists. */
    public List<LlmModel> models() {
        HttpAnswer answer = upstream.call(
                endpoint, UpstreamRequest.get("/models"), endpoint.limits().firstToken());
        JsonNode root = answer.json(errors);
        JsonNode list = root.isArray() ? root : root.path("data");
        if (!list.isArray()) {
            throw errors.protocol("a list of models without data", answer);
        }
        List<LlmModel> models = new ArrayList<>();
        for (JsonNode model : list) {
            if (!Json.text(model, "id").isEmpty()) {
                models.add(model(model));
            }
        }
        return models;
    }

    private static LlmModel model(JsonNode model) {
        OptionalLong created = Json.number(model, "created");
        OptionalLong window = OptionalLong.empty();
        for (String field : List.of("context_window", "max_model_len", "context_length")) {
            window = window.isPresent() ? window : Json.number(model, field);
        }
        return new LlmModel(
                Json.text(model, "id"),
                Json.text(model, "owned_by"),
                created.isPresent() ? Optional.of(Instant.ofEpochSecond(created.getAsLong())) : Optional.empty(),
                window.isPresent() ? OptionalInt.of((int) window.getAsLong()) : OptionalInt.empty(),
                Set.of());
    }
}
