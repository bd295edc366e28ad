package forge.ai.runtime.support.serving;

import forge.ai.runtime.support.lease.CallGate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls in flight; once drained, no more are let in. */
public final class Calls {

    /** How long calls have to write that they were given up. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final CallGate gate = new CallGate();
    private final Set<Call> open = ConcurrentHashMap.newKeySet();

    /** Whether the call is let in; if so, {@link #leave} must follow. */
    public boolean enter(Call call) {
        if (gate.enter()) {
            open.add(call);
            return true;
        }
        return false;
    }

    /** How many are in flight. */
    public int inFlight() {
        return open.size();
    }

    /** The call is through. */
    public void leave(Call call) {
        open.remove(call);
        gate.leave();
    }

    /**
     * Lets no more calls in and waits for those in flight; those that are not through at the limit are given up.
     *
     * @return how many were given up
     */
    public int drain(Duration limit) {
        gate.close();
        if (gate.awaitIdle(limit)) {
            return 0;
        }
        int left = open.size();
        open.forEach(call -> call.end(Call.End.SERVER_STOPS));
        gate.awaitIdle(LAST_WORDS);
        return left;
    }
}
