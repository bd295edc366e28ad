package forge.ai.runtime.testkit.otlp;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A span as it came to the collector.
 *
 * @param trace in hexadecimal
 * @param id in hexadecimal
 * @param parent in hexadecimal, or empty
 * @param state as {@code tracestate} has it
 * @param kind 1 internal, 2 server, 3 client
 * @param start in nanoseconds since 1970
 * @param end in nanoseconds since 1970
 * @param attributes their values as text, lists as {@code [a, b]}
 * @param links the ids of the spans that it is linked to
 * @param failed whether its status is that of an error
 */
public record CollectedSpan(
        String trace,
        String id,
        String parent,
        String state,
        String name,
        long kind,
        long start,
        long end,
        Map<String, String> attributes,
        List<String> links,
        boolean failed) {

    private static final int ERROR = 2;

    static CollectedSpan of(ProtoMessage span) {
        Map<String, String> attributes = new TreeMap<>();
        for (ProtoMessage attribute : span.messages(9)) {
            attributes.put(attribute.text(1), value(attribute.messages(2).getFirst()));
        }
        return new CollectedSpan(
                span.hex(1),
                span.hex(2),
                span.hex(4),
                span.text(3),
                span.text(5),
                span.number(6),
                span.number(7),
                span.number(8),
                attributes,
                span.messages(13).stream().map(link -> link.hex(2)).toList(),
                span.messages(15).stream().anyMatch(status -> status.number(3) == ERROR));
    }

    private static String value(ProtoMessage any) {
        if (any.has(2)) {
            return Boolean.toString(any.number(2) != 0);
        }
        if (any.has(3)) {
            return Long.toString(any.number(3));
        }
        if (any.has(4)) {
            return Double.toString(any.real(4));
        }
        return any.has(5)
                ? any.messages(5, 1).stream().map(CollectedSpan::value).toList().toString()
                : any.text(1);
    }

    /** The value of an attribute, or empty. */
    public String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }
}
