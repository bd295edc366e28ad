package forge.ai.runtime.server.openai;

import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.runtime.server.BodyStream;
import forge.ai.runtime.server.Exchange;
import forge.ai.runtime.server.Sse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** Sends streamed answers. */
final class OpenAiStream {

    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final BodyStream body;

    OpenAiStream(Exchange exchange) {
        body = exchange.stream(Sse.MEDIA_TYPE, Sse.SILENCE);
    }

    /** Sends each event as it comes, to the end of the stream. */
    void copy(CompletionStream stream, Function<CompletionEvent, byte[]> writer) throws IOException {
        body.copy(stream, writer);
    }

    void done() throws IOException {
        body.send(DONE);
    }
}
