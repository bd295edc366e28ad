package forge.ai.runtime.tools;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Content;
import forge.ai.api.monitoring.Span;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.thread.CallThreads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs calls of tools, each on a thread of its own; whatever goes wrong becomes a result that tells the model. */
final class ToolRuns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ToolRuns.class);

    private final ToolCatalog catalog;
    private final IntSupplier maxResultChars;
    private final ExecutorService executor = new CallThreads("forge-tool-");

    ToolRuns(ToolCatalog catalog, IntSupplier maxResultChars) {
        this.catalog = catalog;
        this.maxResultChars = maxResultChars;
    }

    /**
     * Runs calls at the same time, and gives their results in order; if interrupted, gives them up.
     *
     * @param span of which trace they are a part
     */
    List<Content.ToolResult> all(List<Content.ToolCall> calls, Duration limit, int parallel, Span span)
            throws InterruptedException {
        Semaphore places = new Semaphore(parallel);
        List<Future<Content.ToolResult>> results = new ArrayList<>();
        try {
            for (Content.ToolCall call : calls) {
                results.add(executor.submit(() -> {
                    places.acquire();
                    try {
                        return run(call, limit, span);
                    } finally {
                        places.release();
                    }
                }));
            }
            List<Content.ToolResult> all = new ArrayList<>();
            for (Future<Content.ToolResult> result : results) {
                all.add(result.get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new CancelledException("the calls of tools were given up");
        } catch (RejectedExecutionException e) {
            throw new CancelledException("the tools are being stopped");
        } finally {
            results.forEach(result -> result.cancel(true));
        }
    }

    private Content.ToolResult run(Content.ToolCall call, Duration limit, Span parent) throws InterruptedException {
        Span span = parent.recording()
                ? parent.child("execute_tool " + call.name(), Span.Kind.INTERNAL)
                        .set("gen_ai.operation.name", "execute_tool")
                        .set("gen_ai.tool.name", call.name())
                        .set("gen_ai.tool.call.id", call.id())
                : parent;
        try {
            Content.ToolResult result = run(call, limit);
            if (result.error()) {
                span.failed("tool_error", "");
            }
            return result;
        } finally {
            span.end();
        }
    }

    Content.ToolResult run(Content.ToolCall call, Duration limit) throws InterruptedException {
        CompletableFuture<Content.ToolResult> result = new CompletableFuture<>();
        Future<?> running = executor.submit(() -> result.complete(outcome(call)));
        try {
            return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return error(call, "took longer than " + limit.toMillis() + " ms and was given up");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            running.cancel(true);
        }
    }

    private Content.ToolResult outcome(Content.ToolCall call) {
        try (Lease<ToolCatalog.Entry> lease = catalog.acquire(call.name()).orElse(null)) {
            if (lease == null) {
                return error(call, "there is no such tool; there are: " + String.join(", ", catalog.names()));
            }
            return new Content.ToolResult(call.id(), cut(lease.service().tool().call(call.arguments())), false);
        } catch (ForgeException e) {
            LOG.debug("tool '{}' failed: {}", call.name(), e.code());
            return error(call, e.getMessage());
        } catch (Throwable e) {
            // Its class may be the plug-in's own: it does not leave this place but by the log.
            LOG.warn("tool '{}' failed", call.name(), e);
            String why = e.getMessage();
            return error(call, why == null || why.isBlank() ? e.getClass().getSimpleName() : why);
        }
    }

    private static Content.ToolResult error(Content.ToolCall call, String why) {
        return new Content.ToolResult(call.id(), List.of(new Content.Text("error: " + call.name() + ": " + why)), true);
    }

    /** A model pays for each character. */
    private List<Content> cut(List<Content> content) {
        int left = maxResultChars.getAsInt();
        List<Content> all = new ArrayList<>();
        for (Content piece : content) {
            if (piece instanceof Content.Text text && text.text().length() > left) {
                all.add(new Content.Text(text.text().substring(0, Math.max(0, left)) + "\n[cut: " + left + " of "
                        + text.text().length() + " characters]"));
                left = 0;
            } else {
                all.add(piece);
                left -= piece instanceof Content.Text text ? text.text().length() : 0;
            }
        }
        return all;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
