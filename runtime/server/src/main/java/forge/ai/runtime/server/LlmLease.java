package forge.ai.runtime.server;

import forge.ai.api.llm.Caller;
import forge.ai.api.llm.LlmService;
import forge.ai.runtime.support.lease.Lease;

/** The LLM service in the name of a caller, held for the time of a call. */
public final class LlmLease implements AutoCloseable {

    private final Lease<LlmService> lease;
    private final LlmService service;

    LlmLease(Lease<LlmService> lease, Exchange exchange) {
        this.lease = lease;
        this.service = new ExplainedLlmService(lease.service().as(exchange.caller()), exchange);
    }

    LlmLease(Lease<LlmService> lease, Caller caller) {
        this.lease = lease;
        this.service = lease.service().as(caller);
    }

    public LlmService service() {
        return service;
    }

    @Override
    public void close() {
        lease.close();
    }
}
