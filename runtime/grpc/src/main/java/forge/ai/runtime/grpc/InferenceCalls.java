package forge.ai.runtime.grpc;

import forge.ai.api.TimedOutException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.Caller;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.grpc.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import forge.ai.runtime.grpc.protocol.ModelInferRequest;
import forge.ai.runtime.grpc.protocol.ModelInferResponse;
import forge.ai.runtime.grpc.protocol.ModelMetadataRequest;
import forge.ai.runtime.grpc.protocol.ModelMetadataResponse;
import forge.ai.runtime.grpc.protocol.ModelMetadataResponse.TensorMetadata;
import forge.ai.runtime.grpc.protocol.ModelReadyRequest;
import forge.ai.runtime.grpc.protocol.ModelReadyResponse;
import forge.ai.runtime.grpc.protocol.ModelStatisticsRequest;
import forge.ai.runtime.grpc.protocol.ModelStatisticsResponse;
import forge.ai.runtime.grpc.protocol.RepositoryIndexRequest;
import forge.ai.runtime.grpc.protocol.RepositoryIndexResponse;
import forge.ai.runtime.grpc.protocol.RepositoryIndexResponse.ModelIndex;
import forge.ai.runtime.grpc.protocol.RepositoryModelLoadRequest;
import forge.ai.runtime.grpc.protocol.RepositoryModelLoadResponse;
import forge.ai.runtime.grpc.protocol.RepositoryModelUnloadRequest;
import forge.ai.runtime.grpc.protocol.RepositoryModelUnloadResponse;
import forge.ai.runtime.grpc.protocol.ServerLiveRequest;
import forge.ai.runtime.grpc.protocol.ServerLiveResponse;
import forge.ai.runtime.grpc.protocol.ServerMetadataRequest;
import forge.ai.runtime.grpc.protocol.ServerMetadataResponse;
import forge.ai.runtime.grpc.protocol.ServerReadyRequest;
import forge.ai.runtime.grpc.protocol.ServerReadyResponse;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.openinference.LoadParameters;
import forge.ai.runtime.support.openinference.ServedModel;
import forge.ai.runtime.support.openinference.ServedStatistics;
import forge.ai.runtime.support.serving.Doorkeeper;
import forge.ai.runtime.support.serving.Readiness;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The calls of the protocol, each leasing what it needs. */
final class InferenceCalls extends GRPCInferenceServiceImplBase {

    private static final List<String> EXTENSIONS =
            List.of("model_repository", "schedule_policy", "sequence", "statistics");

    private final Services services;
    private final Readiness readiness;
    private final Unary unary;
    private final String version;

    /** @param version of the runtime */
    InferenceCalls(Services services, Readiness readiness, Unary unary, String version) {
        this.services = services;
        this.readiness = readiness;
        this.unary = unary;
        this.version = version;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
        unary.answer(
                observer, () -> ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
        unary.answer(
                observer,
                () -> ServerReadyResponse.newBuilder()
                        .setReady(readiness.lacks().isEmpty())
                        .build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
        unary.answer(
                observer,
                () -> ServerMetadataResponse.newBuilder()
                        .setName("forge-ai-runtime")
                        .setVersion(version)
                        .addAllExtensions(EXTENSIONS)
                        .build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
        answer(observer, Caller.USE, () -> {
            try (Lease<ModelRegistry> models = services.models()) {
                ModelStatus model =
                        models.service().model(request.getName(), VersionSelector.parse(request.getVersion()));
                return ModelReadyResponse.newBuilder()
                        .setReady(model.state() == ModelState.READY)
                        .build();
            }
        });
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
        answer(observer, Caller.USE, () -> {
            try (Lease<ModelRegistry> models = services.models();
                    Lease<InferenceService> engine = services.inference()) {
                ServedModel model = ServedModel.of(
                        models.service(),
                        engine.service(),
                        request.getName(),
                        VersionSelector.parse(request.getVersion()));
                return ModelMetadataResponse.newBuilder()
                        .setName(model.status().name())
                        .addAllVersions(model.versions())
                        .setPlatform(model.status().backend())
                        .addAllInputs(specs(model.signature().inputs()))
                        .addAllOutputs(specs(model.signature().outputs()))
                        .build();
            }
        });
    }

    private static List<TensorMetadata> specs(List<TensorSpec> specs) {
        return specs.stream().map(InferenceCalls::spec).toList();
    }

    private static TensorMetadata spec(TensorSpec spec) {
        TensorMetadata.Builder tensor = TensorMetadata.newBuilder()
                .setName(spec.name())
                .setDatatype(spec.type().name());
        for (long size : spec.shape()) {
            tensor.addShape(size);
        }
        return tensor.build();
    }

    @Override
    public void modelInfer(ModelInferRequest message, StreamObserver<ModelInferResponse> observer) {
        answer(observer, Caller.USE, () -> {
            InferenceRequest request = limited(InferRequests.read(message)).withSpan(CallReports.span());
            InferenceResult result;
            try (Lease<InferenceService> engine = services.inference()) {
                result = engine.service().infer(request);
            }
            return InferResponses.write(message, result);
        });
    }

    /** What is left of the call's deadline is a limit besides the request's own. */
    private static InferenceRequest limited(InferenceRequest request) {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return request;
        }
        Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
        if (!left.isPositive()) {
            throw new TimedOutException("the call's deadline is over");
        }
        boolean shorter = request.timeout().map(own -> left.compareTo(own) < 0).orElse(true);
        return shorter ? request.withTimeout(left) : request;
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
        answer(observer, Caller.USE, () -> {
            try (Lease<InferenceService> engine = services.inference();
                    Lease<ModelRegistry> models = services.models()) {
                return StatisticsMessages.of(
                        request.getName().isEmpty()
                                ? ServedStatistics.all(engine.service())
                                : ServedStatistics.of(
                                        engine.service(),
                                        models.service(),
                                        request.getName(),
                                        VersionSelector.parse(request.getVersion())));
            }
        });
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
        answer(observer, Caller.USE, () -> {
            RepositoryIndexResponse.Builder index = RepositoryIndexResponse.newBuilder();
            try (Lease<ModelRegistry> models = services.models()) {
                models.service().models().stream()
                        .filter(model -> !request.getReady() || model.state() == ModelState.READY)
                        .forEach(model -> index.addModels(ModelIndex.newBuilder()
                                .setName(model.name())
                                .setVersion(Long.toString(model.version()))
                                .setState(model.state().name())
                                .setReason(model.reason())));
            }
            return index.build();
        });
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
        answer(observer, Caller.OPERATE, () -> {
            LoadParameters.check(request.getParametersMap().keySet());
            try (Lease<ModelRegistry> models = services.models()) {
                models.service().load(request.getModelName());
            }
            return RepositoryModelLoadResponse.getDefaultInstance();
        });
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> observer) {
        answer(observer, Caller.OPERATE, () -> {
            try (Lease<ModelRegistry> models = services.models()) {
                models.service().unload(request.getModelName());
            }
            return RepositoryModelUnloadResponse.getDefaultInstance();
        });
    }

    private <A> void answer(StreamObserver<A> observer, String role, Supplier<A> work) {
        unary.answer(observer, () -> {
            Doorkeeper.require(Entrance.caller(), role);
            return work.get();
        });
    }
}
