package forge.ai.runtime.server.ollama;

import forge.ai.api.ProtocolException;
import forge.ai.api.llm.CompletionEvent;
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
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.server.ArgumentsExtent;
import forge.ai.runtime.server.Lines;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the events of one streamed answer as lines: as they came, if they came in this dialect; else in its words. Calls
 * of tools come whole here, each as soon as it is.
 */
final class LineWriter {

    private static final byte[] NOTHING = {};

    private static final class OpenCall {
        final ToolCallStarted start;
        final StringBuilder arguments = new StringBuilder();
        final ArgumentsExtent extent = new ArgumentsExtent();
        boolean written;

        OpenCall(ToolCallStarted start) {
            this.start = start;
        }
    }

    private final Answer answer;
    private final Map<Integer, OpenCall> calls = new TreeMap<>();
    private boolean passing;

    LineWriter(Answer answer) {
        this.answer = answer;
    }

    /** The lines for an event of the answer; empty if there is none for it. */
    byte[] write(CompletionEvent event) {
        if (event instanceof OnTheWire(Wire wire) && wire.dialect().equals(Wire.OLLAMA_CHAT)) {
            passing = true;
            return Lines.line(wire.json());
        }
        return passing ? NOTHING : tell(event);
    }

    private byte[] tell(CompletionEvent event) {
        return switch (event) {
            case Started e -> {
                answer.model(e.model());
                yield NOTHING;
            }
            case TextDelta e -> piece(Said.text(e.text(), e.logprobs()));
            case RefusalDelta e -> piece(Said.text(e.text(), List.of()));
            case ThinkingDelta e -> piece(Said.thinking(e.text()));
            case ThinkingSignature e -> NOTHING;
            case ToolCallStarted e -> {
                if (calls.put(e.index(), new OpenCall(e)) != null) {
                    throw new ProtocolException("tool call " + e.index() + " begins twice");
                }
                yield NOTHING;
            }
            case ToolCallDelta e -> more(e);
            case Whole e -> {
                Said said = Said.of(e.content());
                yield said.equals(Said.NOTHING) ? NOTHING : piece(said);
            }
            case OnTheWire e -> NOTHING;
            case Finished e -> finish(e);
        };
    }

    private byte[] piece(Said said) {
        return Lines.line(answer.piece(said));
    }

    private byte[] more(ToolCallDelta delta) {
        OpenCall call = calls.get(delta.index());
        if (call == null || call.written) {
            throw new ProtocolException("arguments for tool call " + delta.index() + ", which "
                    + (call == null ? "has not begun" : "ended"));
        }
        call.arguments.append(delta.arguments());
        call.extent.add(delta.arguments());
        return call.extent.whole() ? piece(call) : NOTHING;
    }

    private byte[] piece(OpenCall call) {
        call.written = true;
        return piece(Said.call(new Content.ToolCall(call.start.id(), call.start.name(), call.arguments.toString())));
    }

    private byte[] finish(Finished finished) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(512);
        for (OpenCall call : calls.values()) {
            if (!call.written) {
                lines.writeBytes(piece(call));
            }
        }
        lines.writeBytes(Lines.line(answer.last(Said.NOTHING, finished)));
        return lines.toByteArray();
    }
}
