package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Span;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A span that is on its way to the collector once it has ended. */
record RecordedSpan(ExportedTraces traces, io.opentelemetry.api.trace.Span span) implements Span {

    static SpanKind kind(Kind kind) {
        return switch (kind) {
            case INTERNAL -> SpanKind.INTERNAL;
            case SERVER -> SpanKind.SERVER;
            case CLIENT -> SpanKind.CLIENT;
        };
    }

    static String traceparent(SpanContext context) {
        return context.isValid()
                ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                        + context.getTraceFlags().asHex()
                : "";
    }

    @Override
    public boolean recording() {
        return true;
    }

    @Override
    public boolean contents() {
        return traces.contents();
    }

    @Override
    public Span child(String name, Kind kind) {
        return traces.begin(name, kind, Context.root().with(span), 0);
    }

    @Override
    public Span child(String name, Kind kind, long begunNanos) {
        return traces.begin(
                name, kind, Context.root().with(span), traces.clock().at(begunNanos));
    }

    @Override
    public Span set(String name, String value) {
        if (!value.isEmpty()) {
            span.setAttribute(name, value);
        }
        return this;
    }

    @Override
    public Span set(String name, long value) {
        span.setAttribute(name, value);
        return this;
    }

    @Override
    public Span set(String name, double value) {
        span.setAttribute(name, value);
        return this;
    }

    @Override
    public Span set(String name, List<String> values) {
        span.setAttribute(AttributeKey.stringArrayKey(name), values);
        return this;
    }

    @Override
    public Span link(Span other) {
        if (other instanceof RecordedSpan recorded) {
            span.addLink(recorded.span.getSpanContext());
        }
        return this;
    }

    @Override
    public Span failed(String type, String message) {
        span.setAttribute("error.type", type);
        span.setStatus(StatusCode.ERROR, message);
        return this;
    }

    @Override
    public void end() {
        if (span.isRecording()) {
            span.end();
            traces.ended();
        }
    }

    @Override
    public void end(long nanos) {
        if (span.isRecording()) {
            span.end(traces.clock().at(nanos), TimeUnit.NANOSECONDS);
            traces.ended();
        }
    }

    @Override
    public String traceparent() {
        return traceparent(span.getSpanContext());
    }

    @Override
    public String tracestate() {
        return TraceStates.write(span.getSpanContext().getTraceState());
    }
}
