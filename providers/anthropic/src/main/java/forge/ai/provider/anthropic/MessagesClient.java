package forge.ai.provider.anthropic;

import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.TokenCount;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.Endpoint;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.UpstreamRequest;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.sse.SseCompletionStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Calls one upstream. A new configuration is a new client on the same connections. */
final class MessagesClient {

    private static final String PATH = "/v1/messages";

    private final Settings settings;
    private final Endpoint endpoint;
    private final UpstreamErrors errors;
    private final Omissions omissions;
    private final Sender sender;
    private final ModelList models;

    MessagesClient(HttpUpstream upstream, Settings settings) {
        this.settings = settings;
        this.endpoint = settings.endpoint();
        this.errors = new UpstreamErrors(endpoint);
        this.omissions = new Omissions(settings.name());
        this.sender = new Sender(upstream, endpoint, new Plans(settings, omissions));
        this.models = new ModelList(sender, settings, errors);
    }

    /** Whether requests that came in this dialect are sent on as they came. */
    static boolean passesThrough(String dialect) {
        return dialect.equals(Wire.ANTHROPIC_MESSAGES);
    }

    private static Optional<Wire> wire(ChatRequest request) {
        return request.wire().filter(wire -> passesThrough(wire.dialect()));
    }

    private Outgoing outgoing(ChatRequest request) {
        return wire(request)
                .<Outgoing>map(wire -> new WireRequest(request, wire, settings.maxTokens()))
                .orElseGet(() -> new RequestWriter(request, settings.maxTokens(), omissions));
    }

    Completion chat(ChatRequest request) {
        Outgoing outgoing = outgoing(request);
        Sender.Parcel parcel = new Sender.Parcel(
                outgoing.need(),
                Betas.of(settings.betas(), request),
                plan -> UpstreamRequest.post(PATH, outgoing.message(plan, false))
                        .within(request.span()));
        HttpAnswer answer =
                sender.call(parcel, endpoint.limits().request(request.options().timeout()));
        Completion completion = new MessageReader(answer, errors, outgoing.answerTool()).read();
        return wire(request).isEmpty()
                ? completion
                : completion.withWire(
                        new Wire(Wire.ANTHROPIC_MESSAGES, new String(answer.body(), StandardCharsets.UTF_8)));
    }

    CompletionStream streamChat(ChatRequest request) {
        Outgoing outgoing = outgoing(request);
        boolean passing = wire(request).isPresent();
        Sender.Parcel parcel = new Sender.Parcel(
                outgoing.need(),
                Betas.of(settings.betas(), request),
                plan -> UpstreamRequest.post(PATH, outgoing.message(plan, true)).within(request.span()));
        return sender.stream(
                parcel,
                http -> new SseCompletionStream(
                        http,
                        endpoint.limits().firstToken(request.options().timeout()),
                        endpoint.limits().idle(),
                        head -> new EventDecoder(errors, head, request.model(), outgoing.answerTool(), passing)));
    }

    TokenCount countTokens(ChatRequest request) {
        Outgoing outgoing = outgoing(request);
        Sender.Parcel parcel = new Sender.Parcel(
                outgoing.need().withoutSampling(),
                Betas.of(settings.betas(), request),
                plan -> UpstreamRequest.post(PATH + "/count_tokens", outgoing.count())
                        .within(request.span()));
        HttpAnswer answer =
                sender.call(parcel, endpoint.limits().request(request.options().timeout()));
        OptionalLong tokens = Json.number(answer.json(errors), "input_tokens");
        return new TokenCount(tokens.orElseThrow(() -> errors.protocol("no count of tokens", answer)), true);
    }

    List<LlmModel> models() {
        return models.all();
    }

    /** Asks for something that costs no tokens. */
    void probe() {
        models.first();
    }
}
