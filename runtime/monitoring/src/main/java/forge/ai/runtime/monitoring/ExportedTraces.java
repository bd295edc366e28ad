package forge.ai.runtime.monitoring;

import forge.ai.api.monitoring.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Spans on their way to a collector, over a bounded queue: while the collector is slow or away, calls go on and spans
 * are dropped.
 */
final class ExportedTraces implements Traces {

    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int BATCH = 512;
    private static final int LAST_SECONDS = 3;
    private static final int LONGEST = 32_768;

    private static final long GLANCE = TimeUnit.MILLISECONDS.toNanos(5);

    private final AtomicInteger open = new AtomicInteger();
    private final SpanClock clock = new SpanClock();
    private final boolean contents;
    private final double ratio;
    private final SdkTracerProvider provider;
    private final Tracer tracer;

    ExportedTraces(Settings settings, Resource resource) {
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.endpoint() + "/v1/traces")
                .setHeaders(settings::headers)
                .setTimeout(LIMIT)
                .setComponentLoader(Exporting.LOADER)
                .build();
        contents = settings.contents();
        ratio = settings.ratio();
        provider = SdkTracerProvider.builder()
                .setClock(clock)
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                .setSpanLimits(
                        SpanLimits.builder().setMaxAttributeValueLength(LONGEST).build())
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(settings.queue())
                        .setMaxExportBatchSize(Math.min(BATCH, settings.queue()))
                        .setScheduleDelay(DELAY)
                        .setExporterTimeout(LIMIT)
                        .build())
                .build();
        tracer = provider.get(Origin.NAME);
    }

    @Override
    public Span span(String name, Span.Kind kind, Span parent) {
        if (parent instanceof RecordedSpan) {
            return parent.child(name, kind);
        }
        // Chosen here and not by the SDK, so that a request without a trace costs nothing.
        boolean wanted = !parent.traceparent().isEmpty()
                || ratio == 1
                || ThreadLocalRandom.current().nextDouble() < ratio;
        return wanted ? begin(name, kind, context(parent), 0) : parent;
    }

    private static Context context(Span remote) {
        String name = remote.traceparent();
        if (name.isEmpty()) {
            return Context.root();
        }
        SpanContext context = SpanContext.createFromRemoteParent(
                name.substring(3, 35),
                name.substring(36, 52),
                TraceFlags.fromHex(name, 53),
                TraceStates.read(remote.tracestate()));
        return Context.root().with(io.opentelemetry.api.trace.Span.wrap(context));
    }

    /** @param begun by the clock of spans; 0 for now */
    Span begin(String name, Span.Kind kind, Context parent, long begun) {
        var builder = tracer.spanBuilder(name).setParent(parent).setSpanKind(RecordedSpan.kind(kind));
        if (begun != 0) {
            builder.setStartTimestamp(begun, TimeUnit.NANOSECONDS);
        }
        var span = builder.startSpan();
        if (span.isRecording()) {
            open.incrementAndGet();
            return new RecordedSpan(this, span);
        }
        return Span.remote(RecordedSpan.traceparent(span.getSpanContext()), state(span.getSpanContext()));
    }

    /** A span has come to its end. */
    void ended() {
        open.decrementAndGet();
    }

    private static String state(SpanContext context) {
        TraceState state = context.getTraceState();
        return state.isEmpty() ? "" : TraceStates.write(state);
    }

    SpanClock clock() {
        return clock;
    }

    boolean contents() {
        return contents;
    }

    /** Spans that have begun may end, for a while: others are recorded elsewhere by now. */
    @Override
    public void close() {
        long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_SECONDS);
        while (open.get() > 0 && System.nanoTime() < last) {
            LockSupport.parkNanos(GLANCE);
        }
        provider.shutdown().join(LAST_SECONDS, TimeUnit.SECONDS);
    }
}
