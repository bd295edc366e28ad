package forge.ai.runtime.grpc;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.runtime.support.serving.Call;
import forge.ai.runtime.support.serving.Calls;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a call with one answer in its thread, which is interrupted when nobody waits for the answer any more. */
final class Unary {

    private static final Logger LOG = LoggerFactory.getLogger(Unary.class);

    private final Calls calls;

    Unary(Calls calls) {
        this.calls = calls;
    }

    /** Gives what the work gives, or the status of what it throws. */
    <A> void answer(StreamObserver<A> observer, Supplier<A> work) {
        Call call = new Call();
        if (!calls.enter(call)) {
            observer.onError(Failures.of(ErrorCode.UNAVAILABLE, "the server stops"));
            return;
        }
        try {
            A answer = watched(call, work);
            observer.onNext(answer);
            observer.onCompleted();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        } finally {
            calls.leave(call);
        }
    }

    /** The client's leaving, its cancelling and the end of its deadline all cancel the context. */
    private static <A> A watched(Call call, Supplier<A> work) {
        Context context = Context.current();
        Context.CancellationListener gone = cancelled -> call.end(Call.End.CLIENT_GONE);
        context.addListener(gone, Runnable::run);
        try {
            return work.get();
        } catch (ForgeException e) {
            LOG.debug("a call failed: {}", e.toString());
            throw ended(call, Failures.of(e));
        } catch (RuntimeException | Error e) {
            if (call.ended() == Call.End.NONE) {
                LOG.error("a call failed", e);
            }
            throw ended(call, Failures.of(ErrorCode.INTERNAL, "the server failed; its log says why"));
        } finally {
            context.removeListener(gone);
            call.over();
        }
    }

    private static StatusRuntimeException ended(Call call, StatusRuntimeException otherwise) {
        return switch (call.ended()) {
            case NONE -> otherwise;
            case CLIENT_GONE -> Failures.of(ErrorCode.CANCELLED, "nobody waits for the answer any more");
            case SERVER_STOPS ->
                Failures.of(ErrorCode.UNAVAILABLE, "the server stops and could not wait for this call any longer");
        };
    }
}
