package forge.ai.runtime.support.ndjson;

import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.stream.PieceDecoder;
import forge.ai.runtime.support.stream.PieceStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** An answer out of lines of JSON; blank lines count for nothing. */
public final class NdjsonCompletionStream extends PieceStream<byte[]> {

    // Servers that stream without a thought for the type say JSON; a whole document is a single line then.
    private static final List<String> TYPES =
            List.of("application/x-ndjson", "application/ndjson", "application/jsonl", "application/json");

    /**
     * @param firstToken the longest to wait for the first content, zero for no limit
     * @param idle the longest to wait for further content, zero for no limit
     * @param decoders makes the decoder of lines once the answer has begun
     */
    public NdjsonCompletionStream(
            HttpStream http,
            Duration firstToken,
            Duration idle,
            Function<HttpAnswer, ? extends PieceDecoder<byte[]>> decoders) {
        super(http, new NdjsonReader(http::read), TYPES, firstToken, idle, decoders);
    }
}
