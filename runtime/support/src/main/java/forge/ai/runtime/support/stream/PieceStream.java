package forge.ai.runtime.support.stream;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.http.VendorError;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An answer out of the pieces of a stream. The first content has its own limit of time, counted from the call; so has each
 * wait for further content. Pieces that say nothing do not count, even if they are handed on as they came. A stream that
 * ends without the vendor's mark of the end fails.
 */
public class PieceStream<P> implements CompletionStream {

    /** An event that only says that the connection lives. */
    private static final String PING = "ping";

    private final HttpStream http;
    private final PieceReader<P> reader;
    private final List<String> mediaTypes;
    private final Function<HttpAnswer, ? extends PieceDecoder<P>> decoders;
    private final Duration firstToken;
    private final Duration idle;
    private final long begun = System.nanoTime();
    private final Queue<CompletionEvent> events = new ArrayDeque<>();
    private @Nullable HttpAnswer head;
    private @Nullable PieceDecoder<P> decoder;
    private boolean content;
    private boolean waiting;

    /**
     * @param reader of {@code http}
     * @param mediaTypes in which the pieces may come, the usual one first; an answer without a type is taken too
     * @param firstToken the longest to wait for the first content, zero for no limit
     * @param idle the longest to wait for further content, zero for no limit
     * @param decoders makes the decoder once the answer has begun
     */
    public PieceStream(
            HttpStream http,
            PieceReader<P> reader,
            List<String> mediaTypes,
            Duration firstToken,
            Duration idle,
            Function<HttpAnswer, ? extends PieceDecoder<P>> decoders) {
        this.http = http;
        this.reader = reader;
        this.mediaTypes = mediaTypes;
        this.firstToken = firstToken;
        this.idle = idle;
        this.decoders = decoders;
    }

    @Override
    public boolean hasNext() {
        if (!events.isEmpty()) {
            return true;
        }
        try {
            PieceDecoder<P> current = begin();
            if (current.done()) {
                http.finish();
                return false;
            }
            if (!waiting) {
                http.limit(limit());
                waiting = true;
            }
            while (events.isEmpty()) {
                step(current);
            }
            return true;
        } catch (ForgeException e) {
            http.close();
            throw e;
        }
    }

    private PieceDecoder<P> begin() {
        PieceDecoder<P> known = decoder;
        if (known != null) {
            return known;
        }
        HttpAnswer answer = http.awaitHead(firstToken);
        String type = answer.mediaType();
        if (!type.isEmpty() && !mediaTypes.contains(type)) {
            throw noStream(http.rest(answer, firstToken));
        }
        head = answer;
        PieceDecoder<P> made = decoders.apply(answer);
        decoder = made;
        return made;
    }

    /** Some gateways answer a stream with an error as a whole, under a status of success. */
    private ForgeException noStream(HttpAnswer whole) {
        return VendorError.in(whole)
                .map(error -> http.errors().vendor(error, whole))
                .orElseGet(() -> http.errors()
                        .protocol("expected " + mediaTypes.getFirst() + ", got " + whole.mediaType(), whole));
    }

    private Duration limit() {
        if (content || firstToken.isZero()) {
            return content ? idle : Duration.ZERO;
        }
        Duration left = firstToken.minusNanos(System.nanoTime() - begun);
        return left.isPositive() ? left : Duration.ofNanos(1);
    }

    private void step(PieceDecoder<P> current) {
        Optional<P> piece;
        try {
            piece = reader.next();
        } catch (IOException e) {
            throw protocol(e.getMessage() == null ? "an unreadable stream" : e.getMessage());
        }
        current.accept(piece.orElseThrow(() -> protocol("the stream ended before the answer was complete")), this::add);
        if (current.done() && events.isEmpty()) {
            throw protocol("the stream ended before the answer was complete");
        }
    }

    private void add(CompletionEvent event) {
        switch (event) {
            case CompletionEvent.Started started -> {}
            // Of several choices only the first is bound; the others are progress all the same.
            case CompletionEvent.OnTheWire wire ->
                waiting &= wire.wire().event().equals(PING);
            default -> {
                content = true;
                waiting = false;
            }
        }
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
