package forge.ai.runtime.server.anthropic;

import forge.ai.api.ProtocolException;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import forge.ai.api.llm.Content;
import forge.ai.runtime.server.ArgumentsExtent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts calls of tools one after the other. Elsewhere the arguments of several calls may come by turns, here a block ends
 * before the next begins: what comes of another call waits until the arguments of the one before it are whole.
 */
final class CallsInOrder {

    private static final class Call {
        final String id;
        final String name;
        final ArgumentsExtent extent = new ArgumentsExtent();
        final StringBuilder waiting = new StringBuilder();
        boolean ended;

        Call(String id, String name) {
            this.id = id;
            this.name = name;
        }
    }

    private final Blocks blocks;
    private final Map<Integer, Call> calls = new HashMap<>();
    private final Deque<Call> next = new ArrayDeque<>();
    private @Nullable Call current;
    private boolean any;

    CallsInOrder(Blocks blocks) {
        this.blocks = blocks;
    }

    /** Whether there was any. */
    boolean any() {
        return any;
    }

    void start(ToolCallStarted started) {
        Call call = new Call(started.id(), started.name());
        if (calls.put(started.index(), call) != null) {
            throw new ProtocolException("tool call " + started.index() + " begins twice");
        }
        next.add(call);
        advance();
    }

    void add(ToolCallDelta delta) {
        Call call = calls.get(delta.index());
        if (call == null || call.ended) {
            throw new ProtocolException("arguments for tool call " + delta.index() + ", which "
                    + (call == null ? "has not begun" : "ended"));
        }
        call.extent.add(delta.arguments());
        if (call != current) {
            call.waiting.append(delta.arguments());
        } else if (!delta.arguments().isEmpty()) {
            blocks.arguments(delta.arguments());
        }
        advance();
    }

    void whole(Content.ToolCall call) {
        end();
        Call one = new Call(call.id(), call.name());
        one.waiting.append(call.arguments());
        next.add(one);
        end();
    }

    /** All calls so far are at their end. */
    void end() {
        while (current != null || !next.isEmpty()) {
            finish();
            begin();
        }
    }

    private void advance() {
        while (!next.isEmpty() && (current == null || current.extent.whole())) {
            finish();
            begin();
        }
    }

    private void finish() {
        if (current != null) {
            current.ended = true;
            current = null;
            blocks.close();
        }
    }

    private void begin() {
        current = next.poll();
        if (current != null) {
            any = true;
            blocks.call(current.id, current.name);
            if (!current.waiting.isEmpty()) {
                blocks.arguments(current.waiting.toString());
            }
        }
    }
}
