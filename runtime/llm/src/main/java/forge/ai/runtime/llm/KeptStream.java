package forge.ai.runtime.llm;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A stream whose events are remembered, if they do not become too many; shows them once it has ended as it should. */
final class KeptStream implements CompletionStream {

    private final CompletionStream stream;
    private final long most;
    private final BiConsumer<List<CompletionEvent>, Attribution> whole;
    private final List<CompletionEvent> events = new ArrayList<>();
    private long bytes;

    KeptStream(CompletionStream stream, long most, BiConsumer<List<CompletionEvent>, Attribution> whole) {
        this.stream = stream;
        this.most = most;
        this.whole = whole;
    }

    @Override
    public boolean hasNext() {
        return stream.hasNext();
    }

    @Override
    public CompletionEvent next() {
        CompletionEvent event = stream.next();
        bytes += Weights.of(event);
        if (bytes > most) {
            events.clear();
        } else {
            events.add(event);
            if (event instanceof CompletionEvent.Finished) {
                stream.attribution().ifPresent(by -> whole.accept(events, by));
            }
        }
        return event;
    }

    @Override
    public Optional<Attribution> attribution() {
        return stream.attribution();
    }

    @Override
    public void close() {
        stream.close();
    }
}
