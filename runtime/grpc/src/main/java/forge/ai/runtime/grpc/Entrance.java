package forge.ai.runtime.grpc;

import forge.ai.api.ForgeException;
import forge.ai.api.llm.Caller;
import forge.ai.runtime.support.serving.Doorkeeper;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;

/** Finds out in whose name a call is made, before its message is read. */
final class Entrance implements ServerInterceptor {

    private static final Context.Key<Caller> CALLER = Context.key("forge-caller");

    private final Doorkeeper doorkeeper;

    Entrance(Doorkeeper doorkeeper) {
        this.doorkeeper = doorkeeper;
    }

    /** In whose name the call of this thread is made. */
    static Caller caller() {
        return CALLER.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        try {
            Caller caller =
                    doorkeeper.caller(name -> headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER)));
            return Contexts.interceptCall(Context.current().withValue(CALLER, caller), call, headers, next);
        } catch (ForgeException e) {
            StatusRuntimeException refused = Failures.of(e);
            call.close(refused.getStatus(), refused.getTrailers());
            return new ServerCall.Listener<>() {};
        }
    }
}
