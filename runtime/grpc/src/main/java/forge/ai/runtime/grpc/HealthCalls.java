package forge.ai.runtime.grpc;

import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc;
import forge.ai.runtime.support.serving.Readiness;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.Set;

/** gRPC's own health protocol, which orchestrators probe; it asks for no key. Watching is not offered. */
final class HealthCalls extends HealthGrpc.HealthImplBase {

    /** The empty name is the server as a whole. */
    private static final Set<String> KNOWN = Set.of("", GRPCInferenceServiceGrpc.SERVICE_NAME);

    private final Readiness readiness;

    HealthCalls(Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> observer) {
        if (!KNOWN.contains(request.getService())) {
            observer.onError(Status.NOT_FOUND
                    .withDescription("there is no such service; expected: " + GRPCInferenceServiceGrpc.SERVICE_NAME)
                    .asRuntimeException());
            return;
        }
        observer.onNext(HealthCheckResponse.newBuilder()
                .setStatus(readiness.lacks().isEmpty() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING)
                .build());
        observer.onCompleted();
    }
}
