package forge.ai.provider.local;

import forge.ai.api.TimedOutException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionStream;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a sequence; closing it ends the sequence. */
final class SequenceStream implements CompletionStream {

    /** The longest silence between two pieces. */
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final Sequence sequence;
    private final Runnable cancel;
    private final boolean whole;
    private final OptionalLong deadline;
    private @Nullable CompletionEvent next;
    private boolean begun;
    private boolean ended;

    /**
     * @param deadline in {@link System#nanoTime()}, when the first piece must be there, if there is a limit
     * @param whole whether all of the answer must be there at the deadline
     */
    SequenceStream(String model, Sequence sequence, Runnable cancel, OptionalLong deadline, boolean whole) {
        this.next = new Started("", model);
        this.sequence = sequence;
        this.cancel = cancel;
        this.deadline = deadline;
        this.whole = whole;
    }

    @Override
    public boolean hasNext() {
        if (next == null && !ended) {
            next = take();
        }
        return next != null;
    }

    @Override
    public CompletionEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer has ended");
        }
        CompletionEvent event = next;
        next = null;
        ended = event instanceof Finished;
        return event;
    }

    @Override
    public void close() {
        cancel.run();
    }

    private CompletionEvent take() {
        try {
            long silence = System.nanoTime() + SILENCE.toNanos();
            boolean limited = whole || !begun;
            CompletionEvent event = sequence.events().take(limited ? deadline.orElse(silence) : silence);
            begun = true;
            return event;
        } catch (TimedOutException e) {
            cancel.run();
            throw e;
        }
    }
}
