package forge.ai.api.monitoring;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where a bundle says what it measures. Look it up as a service with a dynamic, optional reference, and use
 * {@link #NONE} while there is none: monitoring comes and goes without anybody noticing, and no method here fails, waits
 * or throws.
 *
 * <p>Instruments are named as OpenTelemetry names them, such as {@code gen_ai.client.operation.duration}, with units of
 * UCUM, such as {@code s}, <code>{token}</code> or {@code By}. Asked for twice, the same instrument is given. They are
 * made once and kept, with those attributes bound that do not change: recording then costs some 20 ns. The number of
 * different sets of attributes of one instrument is limited; what is more is counted under the attribute
 * {@code otel.metric.overflow}.
 */
@ProviderType
public interface Telemetry {

    /** Measures nothing. */
    Telemetry NONE = new NoTelemetry();

    /** What only grows, such as requests. */
    Counter counter(String name, String unit, String description);

    /** What grows and shrinks, such as requests in flight. */
    Counter upDownCounter(String name, String unit, String description);

    /**
     * How values are distributed.
     *
     * @param bounds the upper bounds of the buckets, growing; none for those that suit seconds of anything from a
     *     millisecond to a minute
     */
    Histogram histogram(String name, String unit, String description, double... bounds);

    /**
     * What can be looked at whenever somebody wants to know, which costs nothing until then.
     *
     * @param kind {@link Metric.Kind#GAUGE}, {@link Metric.Kind#COUNTER} or {@link Metric.Kind#UP_DOWN_COUNTER}
     * @param look tells the observer what there is now; called from any thread, must be quick
     * @return to be closed when the bundle stops, or the observed is gone
     */
    Observation observe(Metric.Kind kind, String name, String unit, String description, Consumer<Observer> look);

    /**
     * Begins the first span of this process in a trace, or one that does not record where nobody wants traces.
     *
     * @param parent {@link Span#NONE}, or what a request brought along, see {@link Span#remote}
     */
    Span span(String name, Span.Kind kind, Span parent);

    /** Is told what there is. */
    @ProviderType
    interface Observer {
        /** @param attributes names and values in turn */
        void is(double value, String... attributes);
    }

    /** Something that is looked at until this is closed. */
    @ProviderType
    interface Observation extends AutoCloseable {
        @Override
        void close();
    }
}
