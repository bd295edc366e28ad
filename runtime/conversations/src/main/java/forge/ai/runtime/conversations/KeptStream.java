package forge.ai.runtime.conversations;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionAssembler;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.support.lease.Lease;
import java.util.Optional;
import java.util.function.Consumer;

/** A stream whose answer is kept before its reader sees the end. */
final class KeptStream implements CompletionStream {

    private final CompletionStream stream;
    private final Consumer<Completion> keep;
    private final Lease<LlmService> lease;
    private final CompletionAssembler assembler = new CompletionAssembler();

    KeptStream(CompletionStream stream, Consumer<Completion> keep, Lease<LlmService> lease) {
        this.stream = stream;
        this.keep = keep;
        this.lease = lease;
    }

    @Override
    public boolean hasNext() {
        return stream.hasNext();
    }

    @Override
    public CompletionEvent next() {
        CompletionEvent event = stream.next();
        assembler.add(event);
        if (event instanceof CompletionEvent.Finished) {
            keep.accept(assembler.completion());
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
        lease.close();
    }
}
