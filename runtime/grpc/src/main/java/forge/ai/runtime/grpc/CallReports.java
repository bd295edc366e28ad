package forge.ai.runtime.grpc;

import forge.ai.api.monitoring.Histogram;
import forge.ai.api.monitoring.Span;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.support.monitoring.Series;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;

/** What monitoring hears of calls, with the names of OpenTelemetry's conventions for RPC. */
final class CallReports implements ServerInterceptor {

    private static final Context.Key<Span> SPAN = Context.keyWithDefault("forge-span", Span.NONE);
    private static final Metadata.Key<String> PARENT = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> STATE = Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

    private record Answered(String method, Status.Code status) {}

    /** What is measured with, all of the same monitoring. */
    private record Meters(Telemetry telemetry, Series<Answered, Histogram> durations) {

        static Meters of(Telemetry telemetry) {
            Histogram duration = telemetry.histogram(
                    "rpc.server.call.duration", "s", "Calls over gRPC, from their head to their status");
            return new Meters(
                    telemetry,
                    new Series<>(answered -> duration.with(
                            "rpc.system.name", "grpc",
                            "rpc.method", answered.method(),
                            "rpc.response.status_code", answered.status().name(),
                            "error.type", error(answered.status()))));
        }
    }

    private volatile Meters meters = Meters.of(Telemetry.NONE);

    /** Those that are the server's doing, by the conventions. */
    private static String error(Status.Code status) {
        return switch (status) {
            case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> status.name();
            default -> "";
        };
    }

    /** From now on, this one is told. */
    synchronized void telemetry(Telemetry telemetry) {
        meters = Meters.of(telemetry);
    }

    /** No longer this one, if another one has not taken its place. */
    synchronized void without(Telemetry telemetry) {
        if (meters.telemetry() == telemetry) {
            meters = Meters.of(Telemetry.NONE);
        }
    }

    /** Of which trace the call of this thread is a part. */
    static Span span() {
        return SPAN.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Report report = new Report(meters, method, headers);
        ServerCall<Q, A> reported = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                report.end(status.getCode());
                super.close(status, trailers);
            }
        };
        Context context = Context.current().withValue(SPAN, report.span);
        return new SimpleForwardingServerCallListener<>(Contexts.interceptCall(context, reported, headers, next)) {
            @Override
            public void onCancel() {
                report.end(Status.Code.CANCELLED);
                super.onCancel();
            }
        };
    }

    /** One call, until it has its status. */
    private static final class Report {

        private final Meters meters;
        private final String method;
        private final Span span;
        private final long begun = System.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();

        Report(Meters meters, String method, Metadata headers) {
            this.meters = meters;
            this.method = method;
            String parent = headers.get(PARENT);
            String state = headers.get(STATE);
            Span remote = parent == null ? Span.NONE : Span.remote(parent, state == null ? "" : state);
            span = meters.telemetry().span(method, Span.Kind.SERVER, remote);
            span.set("rpc.system.name", "grpc").set("rpc.method", method);
        }

        void end(Status.Code status) {
            if (ended.compareAndSet(false, true)) {
                meters.durations().of(new Answered(method, status)).recordNanos(System.nanoTime() - begun);
                span.set("rpc.response.status_code", status.name());
                if (!error(status).isEmpty()) {
                    span.failed(error(status), "");
                }
                span.end();
            }
        }
    }
}
