package forge.ai.runtime.llm;

import forge.ai.api.CancelledException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import java.util.Iterator;
import java.util.Optional;

/** The events of an answer that was given before. */
final class ReplayedStream implements CompletionStream {

    private final Iterator<CompletionEvent> events;
    private final Attribution by;
    private volatile boolean closed;

    ReplayedStream(Iterator<CompletionEvent> events, Attribution by) {
        this.events = events;
        this.by = by;
    }

    @Override
    public boolean hasNext() {
        if (closed && events.hasNext()) {
            throw new CancelledException("the stream was closed");
        }
        return events.hasNext();
    }

    @Override
    public CompletionEvent next() {
        return events.next();
    }

    @Override
    public Optional<Attribution> attribution() {
        return Optional.of(by);
    }

    @Override
    public void close() {
        closed = true;
    }
}
