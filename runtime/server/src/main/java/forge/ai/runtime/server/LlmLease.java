package forge.ai.runtime.server;

import forge.ai.api.llm.LlmService;
import forge.ai.runtime.support.lease.Lease;

/** The LLM service in the name of the caller of a request, held for the time of that. */
public final class LlmLease implements AutoCloseable {

    private final Lease<LlmService> lease;
    private final LlmService service;

    LlmLease(Lease<LlmService> lease, Exchange exchange) {
        this.lease = lease;
        this.service = new ExplainedLlmService(lease.service().as(exchange.caller()), exchange);
    }

    public LlmService service() {
        return service;
    }

    @Override
    public void close() {
        lease.close();
    }
}
