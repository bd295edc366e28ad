package forge.ai.runtime.support.sse;

import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.stream.PieceStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** An answer out of server-sent events; comments and empty events count for nothing. */
public final class SseCompletionStream extends PieceStream<SseEvent> {

    /**
     * @param firstToken the longest to wait for the first content, zero for no limit
     * @param idle the longest to wait for further content, zero for no limit
     * @param decoders makes the decoder once the answer has begun
     */
    public SseCompletionStream(
            HttpStream http, Duration firstToken, Duration idle, Function<HttpAnswer, StreamDecoder> decoders) {
        super(http, new SseReader(http::read), List.of("text/event-stream"), firstToken, idle, decoders);
    }
}
