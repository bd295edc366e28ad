package forge.ai.runtime.server;

import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Metric;
import forge.ai.api.monitoring.Span;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.support.monitoring.Series;
import forge.ai.runtime.support.serving.Call;
import forge.ai.runtime.support.serving.Calls;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** What monitoring hears of requests, with the names of OpenTelemetry's conventions for HTTP. */
final class RequestReports {

    private static final Set<String> METHODS =
            Set.of("GET", "POST", "DELETE", "HEAD", "PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT");

    private static final int SERVER_ERROR = 500;

    private record Answered(String method, String route, int status, Call.End end) {}

    /** What is measured with, all of the same monitoring. */
    private record Meters(Telemetry telemetry, Series<Answered, Histogram> durations, Telemetry.Observation active) {}

    private final Calls calls;
    private volatile Meters meters;

    RequestReports(Calls calls) {
        this.calls = calls;
        meters = meters(Telemetry.NONE);
    }

    private Meters meters(Telemetry telemetry) {
        Histogram duration = telemetry.histogram(
                "http.server.request.duration", "s", "Requests over HTTP, from their head to the end of the answer");
        return new Meters(
                telemetry,
                new Series<>(answered -> duration.with(
                        "http.request.method", answered.method(),
                        "http.route", answered.route(),
                        "http.response.status_code", Integer.toString(answered.status()),
                        "error.type", error(answered.status(), answered.end()))),
                telemetry.observe(
                        Metric.Kind.UP_DOWN_COUNTER,
                        "http.server.active_requests",
                        "{request}",
                        "Requests over HTTP in flight",
                        now -> now.is(calls.inFlight())));
    }

    private static String error(int status, Call.End end) {
        return switch (end) {
            case NONE -> status >= SERVER_ERROR ? Integer.toString(status) : "";
            case CLIENT_GONE -> "client_gone";
            case SERVER_STOPS -> "server_stops";
        };
    }

    /** From now on, this one is told. */
    synchronized void telemetry(Telemetry telemetry) {
        Meters before = meters;
        meters = meters(telemetry);
        before.active().close();
    }

    /** No longer this one, if another one has not taken its place. */
    synchronized void without(Telemetry telemetry) {
        if (meters.telemetry() == telemetry) {
            telemetry(Telemetry.NONE);
        }
    }

    /** @param route the form of its path, or empty if no route has it */
    Report begin(HttpServletRequest request, String route) {
        Meters now = meters;
        String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "_OTHER";
        Span span = now.telemetry() == Telemetry.NONE && request.getHeader("traceparent") == null
                ? Span.NONE
                : span(now.telemetry(), request, method, route);
        return new Report(now, method, route, span);
    }

    private static Span span(Telemetry telemetry, HttpServletRequest request, String method, String route) {
        String parent = request.getHeader("traceparent");
        String state = request.getHeader("tracestate");
        Span remote = parent == null ? Span.NONE : Span.remote(parent, state == null ? "" : state);
        Span span = telemetry.span(route.isEmpty() ? method : method + " " + route, Span.Kind.SERVER, remote);
        return span.recording()
                ? span.set("http.request.method", method)
                        .set("http.route", route)
                        .set("url.path", request.getRequestURI())
                : span;
    }

    /** One request, until it is answered. */
    static final class Report {

        private final Meters meters;
        private final String method;
        private final String route;
        private final Span span;
        private final long begun = System.nanoTime();

        private Report(Meters meters, String method, String route, Span span) {
            this.meters = meters;
            this.method = method;
            this.route = route;
            this.span = span;
        }

        Span span() {
            return span;
        }

        void end(int status, Call.End end) {
            meters.durations().of(new Answered(method, route, status, end)).recordNanos(System.nanoTime() - begun);
            if (span.recording()) {
                span.set("http.response.status_code", status);
                String error = error(status, end);
                if (!error.isEmpty()) {
                    span.failed(error, "");
                }
            }
            span.end();
        }
    }
}
