package forge.ai.provider.local;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Usage;
import java.util.concurrent.atomic.AtomicBoolean;

/** An answer that is being generated, of which monitoring hears. */
final class MeasuredStream implements CompletionStream {

    private final CompletionStream stream;
    private final String model;
    private final GenerationMeters meters;
    private final long begun;
    private final AtomicBoolean ended = new AtomicBoolean();
    private long first;

    /** @param begun when the request came, by {@link System#nanoTime} */
    MeasuredStream(CompletionStream stream, String model, GenerationMeters meters, long begun) {
        this.stream = stream;
        this.model = model;
        this.meters = meters;
        this.begun = begun;
    }

    @Override
    public boolean hasNext() {
        try {
            return stream.hasNext();
        } catch (ForgeException e) {
            failed(e.code());
            throw e;
        }
    }

    @Override
    public CompletionEvent next() {
        CompletionEvent event;
        try {
            event = stream.next();
        } catch (ForgeException e) {
            failed(e.code());
            throw e;
        }
        if (!(event instanceof CompletionEvent.Started)) {
            long now = System.nanoTime();
            if (first == 0) {
                first = now;
                meters.first(model, now - begun);
            }
            if (event instanceof CompletionEvent.Finished finished && ended.compareAndSet(false, true)) {
                long tokens = finished.usage().map(Usage::outputTokens).orElse(0L);
                meters.ended(model, now - begun, now - first, tokens);
            }
        }
        return event;
    }

    private void failed(ErrorCode code) {
        if (ended.compareAndSet(false, true)) {
            meters.failed(model, System.nanoTime() - begun, code);
        }
    }

    @Override
    public void close() {
        stream.close();
        failed(ErrorCode.CANCELLED);
    }
}
