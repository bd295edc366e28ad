package forge.ai.runtime.support.http;

import forge.ai.api.ForgeException;
import forge.ai.api.monitoring.Span;
import java.net.URI;
import okhttp3.Request;

/** The span of one request to an upstream, until its answer is there or, of a stream, is over. */
record UpstreamSpan(Span span) {

    private static final int FIRST_ERROR = 400;

    static UpstreamSpan of(Endpoint endpoint, UpstreamRequest request) {
        Span span = request.span().child(request.method(), Span.Kind.CLIENT);
        if (span.recording()) {
            // Not the query, which may hold a key.
            URI base = URI.create(endpoint.baseUrl());
            span.set("http.request.method", request.method())
                    .set("server.address", base.getHost() == null ? "" : base.getHost())
                    .set("url.full", endpoint.baseUrl() + request.path());
            if (base.getPort() > 0) {
                span.set("server.port", base.getPort());
            }
        }
        return new UpstreamSpan(span);
    }

    /** Tells the upstream of which trace the request is a part. */
    void name(Request.Builder request) {
        if (!span.traceparent().isEmpty()) {
            request.header("traceparent", span.traceparent());
            if (!span.tracestate().isEmpty()) {
                request.header("tracestate", span.tracestate());
            }
        }
    }

    void answered(int status) {
        span.set("http.response.status_code", status);
        if (status >= FIRST_ERROR) {
            span.failed(Integer.toString(status), "");
        }
    }

    ForgeException failed(ForgeException error) {
        span.failed(error.code().name(), "");
        return error;
    }

    void end() {
        span.end();
    }
}
