package forge.ai.runtime.server.anthropic;

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
import forge.ai.runtime.server.Sse;
import forge.ai.runtime.support.anthropic.Messages;
import java.util.Optional;

/**
 * Writes the events of one streamed answer: as they came, if they came in this dialect; else in its words, one block
 * after the other.
 */
final class EventWriter {

    private static final byte[] NOTHING = {};

    private final String asked;
    private final Blocks blocks = new Blocks();
    private final CallsInOrder calls = new CallsInOrder(blocks);
    private boolean passing;
    private boolean refused;

    EventWriter(String asked) {
        this.asked = asked;
    }

    /** The server-sent events for an event of the answer; empty if there is none for it. */
    byte[] write(CompletionEvent event) {
        if (event instanceof OnTheWire(Wire wire) && wire.dialect().equals(Wire.ANTHROPIC_MESSAGES)) {
            passing = true;
            return Sse.event(wire.event(), wire.json());
        }
        if (passing) {
            return NOTHING;
        }
        tell(event);
        return blocks.take();
    }

    private void tell(CompletionEvent event) {
        switch (event) {
            case Started e -> start(e);
            case TextDelta e -> text(e.text());
            case RefusalDelta e -> {
                refused = true;
                text(e.text());
            }
            case ThinkingDelta e -> {
                calls.end();
                blocks.thinking(e.text());
            }
            case ThinkingSignature e -> {
                calls.end();
                blocks.signature(e.signature());
            }
            case ToolCallStarted e -> calls.start(e);
            case ToolCallDelta e -> calls.add(e);
            case Whole e -> whole(e.content());
            case OnTheWire e -> {}
            case Finished e -> finish(e);
        }
    }

    private void start(Started started) {
        blocks.event(Messages.MESSAGE_START, json -> {
            json.writeObjectFieldStart("message");
            AnswerFields.head(json, started.id(), started.model(), asked);
            json.writeArrayFieldStart("content");
            json.writeEndArray();
            json.writeNullField("stop_reason");
            json.writeNullField("stop_sequence");
            // What it takes is known at the end.
            AnswerFields.usage(json, Optional.empty());
            json.writeEndObject();
        });
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            calls.end();
            blocks.text(text);
        }
    }

    private void whole(Content content) {
        switch (content) {
            case Content.Text text -> text(text.text());
            case Content.Refusal refusal -> tell(new RefusalDelta(refusal.text()));
            case Content.Thinking thinking
            when thinking.redacted().isEmpty() -> {
                calls.end();
                blocks.thinking(thinking.text());
                blocks.signature(thinking.signature());
            }
            case Content.ToolCall call -> calls.whole(call);
            default -> {
                calls.end();
                blocks.whole(content);
            }
        }
    }

    private void finish(Finished finished) {
        calls.end();
        blocks.close();
        blocks.event(Messages.MESSAGE_DELTA, json -> {
            json.writeObjectFieldStart("delta");
            AnswerFields.end(
                    json, finished.reason(), finished.stopSequence(), finished.extensions(), calls.any(), refused);
            AnswerFields.extensions(json, finished.extensions(), AnswerFields.OF_THE_END);
            json.writeEndObject();
            AnswerFields.usage(json, finished.usage());
            AnswerFields.extensions(json, finished.extensions(), AnswerFields.OF_THE_END.negate());
        });
        blocks.event(Messages.MESSAGE_STOP, json -> {});
    }
}
