package forge.ai.api.monitoring;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A part of the work on a request, with its beginning and its end. It travels with the request: whoever takes part makes
 * a child of the span that the request carries, and hands the request on with that.
 *
 * <p>Where nobody wants traces, a span does nothing, and so do its children: nobody need ask for {@link #recording}
 * except before work that only traces need. Methods may be called from any thread and never throw.
 */
@ProviderType
public interface Span {

    /** Which side of a call it is. */
    enum Kind {
        INTERNAL,
        SERVER,
        CLIENT
    }

    /** No trace. */
    Span NONE = new SilentSpan("", "");

    /**
     * The span of somebody else, as a request names it.
     *
     * @param traceparent as W3C Trace Context has it; what is not of that form counts as none
     * @param tracestate goes along unchanged; may be empty
     */
    static Span remote(String traceparent, String tracestate) {
        return SilentSpan.of(traceparent, tracestate);
    }

    /** Whether what is set here is kept. */
    boolean recording();

    /** Whether what people and models said may be kept here; only where that was asked for in the configuration. */
    boolean contents();

    /** Begins a span that is part of this one. */
    Span child(String name, Kind kind);

    /** As {@link #child(String, Kind)}, for what has begun already: by {@link System#nanoTime}. */
    Span child(String name, Kind kind, long begunNanos);

    /** Sets an attribute; an empty value is left out. */
    Span set(String name, String value);

    Span set(String name, long value);

    Span set(String name, double value);

    Span set(String name, List<String> values);

    /** This has to do with another span, which is no part of it. */
    Span link(Span other);

    /**
     * It failed.
     *
     * @param type sets {@code error.type}
     * @param message for people; holds no contents and no keys
     */
    Span failed(String type, String message);

    /** It is over; a second call does nothing. */
    void end();

    /** As {@link #end()}, at another moment: by {@link System#nanoTime}. */
    void end(long nanos);

    /** Its name as W3C Trace Context has it, for whoever is asked next; empty where there is no trace. */
    String traceparent();

    /** What goes along with {@link #traceparent}; may be empty. */
    String tracestate();
}
