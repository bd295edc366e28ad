package forge.ai.runtime.server;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Caller;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.serving.Call;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request and its answer. */
public final class Exchange {

    /** Until it is known who calls, nothing is allowed. */
    private static final Caller NOBODY = new Caller("", Set.of(), List.of());

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Map<String, String> variables;
    private final long maxBody;
    private final Call call;
    private final Heartbeat heartbeat;
    private final ClientWatch clients;
    private final LimitHeaders limitHeaders;
    private Caller caller = NOBODY;
    private boolean read;
    private Span span = Span.NONE;
    private @Nullable ClientConnection client;
    private @Nullable BodyStream stream;
    private @Nullable String id;

    Exchange(
            HttpServletRequest request,
            HttpServletResponse response,
            Map<String, String> variables,
            long maxBody,
            Call call,
            Heartbeat heartbeat,
            ClientWatch clients,
            LimitHeaders limitHeaders) {
        this.request = request;
        this.response = response;
        this.variables = variables;
        this.maxBody = maxBody;
        this.call = call;
        this.heartbeat = heartbeat;
        this.clients = clients;
        this.limitHeaders = limitHeaders;
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    /** The value of a variable of the route's path, decoded. */
    public String variable(String name) {
        String value = variables.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no variable " + name);
        }
        return value;
    }

    /** The value of a variable of the route's path, decoded; empty if the route has none of this name. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** Tells this exchange from all others. */
    public String id() {
        if (id == null) {
            id = FreshId.of("");
        }
        return id;
    }

    /** A header of the request. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /**
     * The whole body. From now on the call is given up when the client leaves.
     *
     * @throws Refusal if it is larger than the server's limit, too slow or broken
     */
    public byte[] body() {
        read = true;
        byte[] body = RequestBody.read(request, maxBody);
        if (client == null) {
            client = clients.add(request, call);
        }
        return body;
    }

    /** Whether there is a body that nobody has read. */
    boolean unread() {
        return !read
                && (request.getContentLengthLong() > 0
                        || header("Transfer-Encoding").isPresent());
    }

    /** Reads past what is left of a body that is too large, within limits. */
    void skipBody() {
        RequestBody.skip(request, maxBody);
    }

    /**
     * The body as a JSON object.
     *
     * @throws forge.ai.api.InvalidRequestException if it is not one, or is out of the limits of {@link JsonBodies}
     */
    public JsonNode json() {
        return JsonBodies.object(body());
    }

    /** As {@link #json()}, but an empty body counts as an empty object. */
    public JsonNode jsonOrEmpty() throws IOException {
        byte[] body = body();
        return JsonBodies.object(body.length == 0 ? new byte[] {'{', '}'} : body);
    }

    /** A parameter of the query. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(request.getParameter(name));
    }

    /** Sets a header of the answer; to be called before the answer is given. */
    public void header(String name, String value) {
        if (stream == null) {
            response.setHeader(name, value);
        } else {
            stream.header(name, value);
        }
    }

    /** Says in headers who answers and what is left to the caller; nothing once the answer has begun. */
    void explain(Attribution attribution) {
        if (attribution.cached()) {
            header("x-forge-cache", "hit");
        }
        if (attribution.attempts() > 0 || attribution.cached()) {
            header("x-forge-provider", visible(attribution.provider()));
            header("x-forge-model", visible(attribution.model()));
        }
        if (!attribution.route().isEmpty()) {
            header("x-forge-route", visible(attribution.route()));
        }
        header("x-forge-attempts", Integer.toString(attribution.attempts()));
        header("x-forge-lost-millis", Long.toString(attribution.lost().toMillis()));
        limitHeaders.of(attribution.limits()).forEach(this::header);
    }

    /** Names come from configuration and from vendors; headers hold visible ASCII alone. */
    private static String visible(String text) {
        return text.replaceAll("[^\\x21-\\x7e]", "?");
    }

    /** In whose name the request is made. */
    public Caller caller() {
        return caller;
    }

    void caller(Caller value) {
        caller = value;
    }

    /** Of which trace the request is a part; what it leads to becomes parts of this. */
    public Span span() {
        return span;
    }

    void span(Span value) {
        span = value;
    }

    /** Answers with a JSON document. */
    public void json(int status, Json.Document document) throws IOException {
        answer(status, "application/json", Json.write(document));
    }

    /** Answers as a whole. */
    public void answer(int status, String mediaType, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(mediaType);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /**
     * Answers piece by piece, with status 200. Nothing is sent before the first piece, so that what fails before it
     * still gets a status of its own.
     *
     * @param mediaType such as {@code text/event-stream}
     * @param silence what to send whenever nothing was sent for a while, such as {@link Sse#SILENCE}; empty for nothing
     */
    public BodyStream stream(String mediaType, byte[] silence) {
        BodyStream made = new BodyStream(response, mediaType, silence, call);
        stream = made;
        heartbeat.add(made);
        return made;
    }

    /** No more is sent by anybody but the thread that calls this. */
    void end() {
        if (client != null) {
            clients.remove(client);
        }
        if (stream != null) {
            heartbeat.remove(stream);
            stream.end();
        }
    }

    /** The stream of the answer once its first piece has been sent. */
    Optional<BodyStream> begun() {
        return Optional.ofNullable(stream).filter(BodyStream::begun);
    }

    /** Whether the status of the answer can no longer be chosen. */
    boolean committed() {
        return response.isCommitted();
    }
}
