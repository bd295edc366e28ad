package forge.ai.runtime.support.sse;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.http.VendorError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer out of server-sent events. The first piece of content has its own limit of time, counted from the call; so has
 * each wait for a further piece. Comments and empty events do not count as pieces. A stream that ends without the vendor's
 * mark of the end fails.
 */
public final class SseCompletionStream implements CompletionStream {

    private final HttpStream http;
    private final Function<HttpAnswer, StreamDecoder> decoders;
    private final Duration firstToken;
    private final Duration idle;
    private final long begun = System.nanoTime();
    private final Queue<CompletionEvent> events = new ArrayDeque<>();
    private final SseReader reader;
    private @Nullable HttpAnswer head;
    private @Nullable StreamDecoder decoder;
    private boolean content;

    /**
     * @param firstToken the longest to wait for the first content, zero for no limit
     * @param idle the longest to wait for further content, zero for no limit
     * @param decoders makes the decoder once the answer has begun
     */
    public SseCompletionStream(
            HttpStream http, Duration firstToken, Duration idle, Function<HttpAnswer, StreamDecoder> decoders) {
        this.http = http;
        this.firstToken = firstToken;
        this.idle = idle;
        this.decoders = decoders;
        this.reader = new SseReader(http::read);
    }

    @Override
    public boolean hasNext() {
        if (!events.isEmpty()) {
            return true;
        }
        try {
            StreamDecoder current = begin();
            if (current.done()) {
                http.finish();
                return false;
            }
            http.limit(limit());
            while (events.isEmpty()) {
                step(current);
            }
            return true;
        } catch (ForgeException e) {
            http.close();
            throw e;
        }
    }

    private StreamDecoder begin() {
        StreamDecoder known = decoder;
        if (known != null) {
            return known;
        }
        HttpAnswer answer = http.awaitHead(firstToken);
        String type = answer.mediaType();
        if (!type.isEmpty() && !type.equals("text/event-stream")) {
            throw noStream(http.rest(answer, firstToken));
        }
        head = answer;
        StreamDecoder made = decoders.apply(answer);
        decoder = made;
        return made;
    }

    /** Some gateways answer a stream with an error as a whole, under a status of success. */
    private ForgeException noStream(HttpAnswer whole) {
        return VendorError.in(whole)
                .map(error -> http.errors().vendor(error, whole))
                .orElseGet(() -> http.errors().protocol("expected text/event-stream, got " + whole.mediaType(), whole));
    }

    private Duration limit() {
        if (content || firstToken.isZero()) {
            return content ? idle : Duration.ZERO;
        }
        Duration left = firstToken.minusNanos(System.nanoTime() - begun);
        return left.isPositive() ? left : Duration.ofNanos(1);
    }

    private void step(StreamDecoder current) {
        Optional<SseEvent> event;
        try {
            event = reader.next();
        } catch (IOException e) {
            throw protocol(e.getMessage() == null ? "an unreadable stream" : e.getMessage());
        }
        current.accept(event.orElseThrow(() -> protocol("the stream ended before the answer was complete")), this::add);
        if (current.done() && events.isEmpty()) {
            throw protocol("the stream ended before the answer was complete");
        }
    }

    private void add(CompletionEvent event) {
        content |= !(event instanceof CompletionEvent.Started);
        events.add(event);
    }

    private ForgeException protocol(String what) {
        HttpAnswer known = head;
        return known == null ? http.errors().protocol(what) : http.errors().protocol(what, known);
    }

    @Override
    public CompletionEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return events.remove();
    }

    @Override
    public void close() {
        http.close();
    }
}
