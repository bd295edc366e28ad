package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.monitoring.Span;
import java.util.List;
import java.util.function.Function;

/** What traces say of the engine; nothing of requests that are in none. */
final class Tracing {

    private Tracing() {}

    /** Computes a request as a part of its trace. */
    static InferenceResult traced(InferenceRequest request, Function<InferenceRequest, InferenceResult> compute) {
        Span span = request.span()
                .child("infer " + request.model(), Span.Kind.INTERNAL)
                .set("forge.model.name", request.model());
        try {
            InferenceResult result = compute.apply(request.withSpan(span));
            span.set("forge.model.version", result.version()).set("forge.batch.rows", result.batch());
            return result;
        } catch (ForgeException e) {
            span.failed(e.code().name(), "");
            throw e;
        } finally {
            span.end();
        }
    }

    /** A call was computed alone. */
    static void computed(Call call, Times times) {
        if (call.span().recording()) {
            computed(List.of(call), times);
        }
    }

    /**
     * Calls were computed together: the computation is a part of the first trace, and the others have links from it and
     * to it.
     */
    static void computed(List<Call> calls, Times times) {
        Span batch = Span.NONE;
        for (Call call : calls) {
            Span span = call.span();
            if (!span.recording()) {
                continue;
            }
            span.child("queue", Span.Kind.INTERNAL, call.came()).end(times.began());
            if (!batch.recording()) {
                batch = span.child("batch", Span.Kind.INTERNAL, times.began());
            } else {
                span.link(batch);
            }
            batch.link(span);
        }
        if (batch.recording()) {
            Call first = calls.getFirst();
            batch.set("forge.batch.requests", calls.size())
                    .set("forge.batch.rows", calls.stream().mapToInt(Call::rows).sum())
                    .child("compute", Span.Kind.INTERNAL, times.started())
                    .set("forge.backend.name", first.lease().status().backend())
                    .end(times.stopped());
            batch.end(times.ended());
        }
    }
}
