package forge.ai.runtime.monitoring;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import java.util.ArrayList;
import java.util.List;

/** The header {@code tracestate} of W3C Trace Context. */
final class TraceStates {

    private static final int MOST = 32;
    private static final int LONGEST = 8192;

    private TraceStates() {}

    /** What is not of the form is left out, which the specification allows. */
    static TraceState read(String header) {
        TraceStateBuilder state = TraceState.builder();
        if (header.isEmpty() || header.length() > LONGEST) {
            return state.build();
        }
        String[] members = header.split(",");
        // The builder puts the last one first.
        for (int i = Math.min(members.length, MOST) - 1; i >= 0; i--) {
            String[] member = members[i].strip().split("=", 2);
            if (member.length == 2) {
                state.put(member[0], member[1]);
            }
        }
        return state.build();
    }

    static String write(TraceState state) {
        List<String> members = new ArrayList<>();
        state.forEach((key, value) -> members.add(key + "=" + value));
        return String.join(",", members);
    }
}
