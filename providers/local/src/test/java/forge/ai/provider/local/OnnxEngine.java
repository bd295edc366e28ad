package forge.ai.provider.local;

import forge.ai.api.Cancellation;
import forge.ai.api.CancelledException;
import forge.ai.api.NotFoundException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelSource;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionSelector;
import forge.ai.api.tensor.Tensor;
import forge.ai.backend.onnx.OnnxBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A registry and an engine for tests without a framework: the real models, computed by the backend directly. */
final class OnnxEngine implements ModelRegistry, InferenceService, AutoCloseable {

    final AtomicInteger leases = new AtomicInteger();
    /** From now on no computation ends but by an interrupt. */
    volatile boolean hangs;

    private final OnnxBackend backend = new OnnxBackend();
    private final Map<String, Model> models = new TreeMap<>();

    void add(String name, Path folder) {
        add(name, folder, Map.of());
    }

    /** @param parameters of the backend */
    void add(String name, Path folder, Map<String, String> parameters) {
        add(name, folder, backend.load(new ModelSource(name, 1, folder, "cpu", 1, parameters)));
    }

    /** A model of a backend that cannot write results to where the caller wants them. */
    void addCopying(String name, Path folder) {
        LoadedModel direct = backend.load(new ModelSource(name, 1, folder, "cpu", 1, Map.of()));
        add(name, folder, new LoadedModel() {
            @Override
            public ModelSignature signature() {
                return direct.signature();
            }

            @Override
            public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs, Cancellation cancellation) {
                return direct.run(inputs, outputs, cancellation);
            }

            @Override
            public void close() {
                direct.close();
            }
        });
    }

    private void add(String name, Path folder, LoadedModel loaded) {
        ModelStatus status = new ModelStatus(
                name,
                1,
                ModelState.READY,
                "",
                Instant.now(),
                "onnx",
                Set.of(),
                "digest",
                folder,
                Optional.of(loaded.signature()),
                1,
                0);
        models.put(name, new Model(status, loaded));
    }

    /** A model of the backend. */
    private record Model(ModelStatus status, LoadedModel loaded) {}

    @Override
    public InferenceResult infer(InferenceRequest request) {
        long begin = System.nanoTime();
        if (hangs) {
            awaitInterrupt();
        }
        Map<String, Tensor> outputs =
                find(request.model()).loaded().run(request.inputs(), request.outputs(), new Cancellation());
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        return new InferenceResult(request.model(), 1, outputs, Duration.ZERO, took, 1);
    }

    @Override
    public ModelSignature signature(String model, VersionSelector version) {
        return find(model).loaded().signature();
    }

    @Override
    public List<InferenceStatistics> statistics() {
        return List.of();
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException("the call was interrupted");
        }
    }

    @Override
    public ModelLease acquire(String name, VersionSelector version) {
        Model model = find(name);
        leases.incrementAndGet();
        return new ModelLease() {
            @Override
            public LoadedModel model() {
                return model.loaded();
            }

            @Override
            public ModelStatus status() {
                return model.status();
            }

            @Override
            public ModelConfig config() {
                return ModelConfig.DEFAULT;
            }

            @Override
            public void close() {
                leases.decrementAndGet();
            }
        };
    }

    private Model find(String name) {
        return Optional.ofNullable(models.get(name))
                .orElseThrow(() -> new NotFoundException("no model " + name + "; there are " + models.keySet()));
    }

    @Override
    public Path repository() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ModelStatus> models() {
        List<ModelStatus> all = new ArrayList<>();
        models.values().forEach(model -> all.add(model.status()));
        return all;
    }

    @Override
    public ModelStatus model(String name, VersionSelector version) {
        return find(name).status();
    }

    @Override
    public void load(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unload(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void label(String name, String label, long version) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ModelConfig config(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void traffic(String name, Map<String, Integer> weights) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shadow(String name, Shadow shadow) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void scale(String name, long version, int instances) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        models.values().forEach(model -> model.loaded().close());
    }
}
