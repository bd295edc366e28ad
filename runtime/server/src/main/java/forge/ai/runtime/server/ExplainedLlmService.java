package forge.ai.runtime.server;

import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.Caller;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionAssembler;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionRequest;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.llm.Route;
import forge.ai.api.llm.TokenCount;
import java.util.List;
import java.util.Optional;

/**
 * The LLM service for one request: what it says of who answered goes into the headers of the answer, and its part of the trace
 * becomes one of the request's.
 */
final class ExplainedLlmService implements LlmService {

    private final LlmService llm;
    private final Exchange exchange;

    ExplainedLlmService(LlmService llm, Exchange exchange) {
        this.llm = llm;
        this.exchange = exchange;
    }

    @Override
    public LlmService as(Caller caller) {
        return new ExplainedLlmService(llm.as(caller), exchange);
    }

    @Override
    public Completion chat(ChatRequest request) {
        SpanContents.asked(request, exchange.span());
        Completion completion = llm.chat(request.withSpan(exchange.span()));
        completion.attribution().ifPresent(exchange::explain);
        SpanContents.answered(completion, exchange.span());
        return completion;
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        SpanContents.asked(request, exchange.span());
        return new ExplainedStream(llm.streamChat(request.withSpan(exchange.span())));
    }

    @Override
    public Completion complete(CompletionRequest request) {
        SpanContents.asked(request, exchange.span());
        Completion completion = llm.complete(request.withSpan(exchange.span()));
        completion.attribution().ifPresent(exchange::explain);
        SpanContents.answered(completion, exchange.span());
        return completion;
    }

    @Override
    public CompletionStream streamCompletion(CompletionRequest request) {
        SpanContents.asked(request, exchange.span());
        return new ExplainedStream(llm.streamCompletion(request.withSpan(exchange.span())));
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        Embeddings embeddings = llm.embed(request.withSpan(exchange.span()));
        embeddings.attribution().ifPresent(exchange::explain);
        return embeddings;
    }

    @Override
    public TokenCount countTokens(ChatRequest request) {
        return llm.countTokens(request.withSpan(exchange.span()));
    }

    @Override
    public List<LlmModel> models() {
        return llm.models();
    }

    @Override
    public List<ProviderStatus> providers() {
        return llm.providers();
    }

    @Override
    public List<Route> routes() {
        return llm.routes();
    }

    /** Sets the headers when the first event is there, before it is sent. */
    private final class ExplainedStream implements CompletionStream {

        private final CompletionStream stream;
        private final CompletionAssembler said = new CompletionAssembler();
        private boolean explained;

        ExplainedStream(CompletionStream stream) {
            this.stream = stream;
        }

        @Override
        public boolean hasNext() {
            boolean more = stream.hasNext();
            if (more && !explained) {
                explained = true;
                stream.attribution().ifPresent(exchange::explain);
            }
            return more;
        }

        @Override
        public CompletionEvent next() {
            CompletionEvent event = stream.next();
            if (exchange.span().contents()) {
                said.add(event);
                if (event instanceof CompletionEvent.Finished) {
                    SpanContents.answered(said.completion(), exchange.span());
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
}
