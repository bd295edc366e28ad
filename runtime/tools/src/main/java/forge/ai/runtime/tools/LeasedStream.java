package forge.ai.runtime.tools;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.support.lease.Lease;
import java.util.Optional;

/** A stream that holds on to the service it comes from. */
record LeasedStream(CompletionStream stream, Lease<LlmService> lease) implements CompletionStream {

    @Override
    public boolean hasNext() {
        return stream.hasNext();
    }

    @Override
    public CompletionEvent next() {
        return stream.next();
    }

    @Override
    public Optional<Attribution> attribution() {
        return stream.attribution();
    }

    @Override
    public void close() {
        stream.close();
        lease.close();
    }
}
