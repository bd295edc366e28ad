package forge.ai.api.llm;

import forge.ai.api.ProtocolException;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.OnTheWire;
import forge.ai.api.llm.CompletionEvent.RefusalDelta;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingSignature;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import forge.ai.api.llm.CompletionEvent.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts the events of a stream together to the whole answer. Used by one thread. */
public final class CompletionAssembler {

    private enum Kind {
        TEXT,
        THINKING,
        REFUSAL
    }

    /** A call of a tool whose arguments are still coming; it keeps the place at which it began. */
    private record OpenCall(int place, ToolCallStarted start, StringBuilder arguments) {}

    private final List<@Nullable Content> content = new ArrayList<>();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final Map<Integer, OpenCall> calls = new HashMap<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable Kind kind;
    private @Nullable Started started;
    private @Nullable Finished finished;

    /** @throws ProtocolException if the event cannot come at this place */
    public void add(CompletionEvent event) {
        if (finished != null) {
            throw new ProtocolException("an event after the end of the answer");
        }
        switch (event) {
            case Started e -> started = e;
            case TextDelta e -> {
                append(Kind.TEXT, e.text());
                logprobs.addAll(e.logprobs());
            }
            case ThinkingDelta e -> append(Kind.THINKING, e.text());
            case RefusalDelta e -> append(Kind.REFUSAL, e.text());
            case ThinkingSignature e -> sign(e);
            case ToolCallStarted e -> open(e);
            case ToolCallDelta e -> call(e.index()).arguments().append(e.arguments());
            case Whole e -> {
                endText();
                content.add(e.content());
            }
            case Finished e -> finished = e;
            case OnTheWire e -> {}
        }
    }

    /**
     * The whole answer.
     *
     * @throws ProtocolException if {@link Started} or {@link Finished} has not been seen
     */
    public Completion completion() {
        if (started == null || finished == null) {
            throw new ProtocolException("the answer is not complete");
        }
        endText();
        for (OpenCall call : calls.values()) {
            String arguments =
                    call.arguments().isEmpty() ? "{}" : call.arguments().toString();
            content.set(
                    call.place(),
                    new Content.ToolCall(call.start().id(), call.start().name(), arguments));
        }
        return new Completion(
                started.id(),
                started.model(),
                content.stream()
                        .map(Optional::ofNullable)
                        .flatMap(Optional::stream)
                        .toList(),
                finished.reason(),
                finished.stopSequence(),
                finished.usage(),
                logprobs,
                finished.extensions(),
                Optional.empty(),
                Optional.empty());
    }

    private void append(Kind next, String piece) {
        if (kind != next) {
            endText();
            kind = next;
        }
        text.append(piece);
    }

    private void endText() {
        if (kind != null && !text.isEmpty()) {
            content.add(
                    switch (kind) {
                        case TEXT -> new Content.Text(text.toString());
                        case THINKING -> Content.Thinking.of(text.toString());
                        case REFUSAL -> new Content.Refusal(text.toString());
                    });
        }
        text.setLength(0);
        kind = null;
    }

    private void sign(ThinkingSignature event) {
        String thought = kind == Kind.THINKING ? text.toString() : "";
        if (kind == Kind.THINKING) {
            text.setLength(0);
        }
        endText();
        content.add(new Content.Thinking(thought, event.signature(), ""));
    }

    private void open(ToolCallStarted event) {
        endText();
        if (calls.putIfAbsent(event.index(), new OpenCall(content.size(), event, new StringBuilder())) != null) {
            throw new ProtocolException("tool call " + event.index() + " begins twice");
        }
        content.add(null);
    }

    private OpenCall call(int index) {
        OpenCall call = calls.get(index);
        if (call == null) {
            throw new ProtocolException("arguments for tool call " + index + ", which has not begun");
        }
        return call;
    }
}
