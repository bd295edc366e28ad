package forge.ai.runtime.inference;

import forge.ai.api.ForgeException;
import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.support.lease.CallGate;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Computes requests with the models of the registry, in batches where that pays. */
@Component(
        service = {InferenceService.class, ModelListener.class},
        immediate = true,
        configurationPid = BatchingInferenceService.PID)
@Designate(ocd = BatchingInferenceService.Config.class)
public final class BatchingInferenceService implements InferenceService, ModelListener {

    static final String PID = "forge.ai.runtime.inference";

    private static final Logger LOG = LoggerFactory.getLogger(BatchingInferenceService.class);

    /** How long a request that met a model just being closed looks for its successor, and how often. */
    private static final long BRIDGE = Duration.ofSeconds(2).toNanos();

    private static final long GLANCE = Duration.ofMillis(1).toNanos();

    /** The configuration. */
    @ObjectClassDefinition(name = "Inference", description = "The engine that computes requests with models")
    @interface Config {
        @AttributeDefinition(description = "the most requests of one model version that wait; more are refused")
        int queue() default 1024;

        @AttributeDefinition(description = "the most computations of one model version at a time; 0: one per core")
        int parallel() default 0;

        @AttributeDefinition(description = "how long requests in flight have when the engine stops")
        long drainMillis() default 10_000;
    }

    private final LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
    private final CallGate gate = new CallGate();
    private final Courtesy courtesy = new Courtesy();
    private final Lanes lanes;
    private volatile Settings settings;

    @Activate
    public BatchingInferenceService(Config config) {
        settings = Settings.of(config);
        lanes = new Lanes(this::settings);
    }

    private Settings settings() {
        return settings;
    }

    /** A wrong change is refused and logged; what held before goes on. */
    @Modified
    void modified(Config config) {
        try {
            settings = Settings.of(config);
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the settings stay as they were", e.getMessage());
        }
    }

    @Deactivate
    void deactivate() {
        gate.close();
        if (!gate.awaitIdle(settings.drain())) {
            LOG.warn("The engine stops although {} requests are still in flight", gate.inside());
        }
        lanes.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRegistry(ModelRegistry registry, Map<String, ?> properties) {
        registries.add(registry, properties);
    }

    void unbindRegistry(ModelRegistry registry) {
        registries.remove(registry);
    }

    @Override
    public void changed(ModelStatus status) {
        if (status.state() == ModelState.UNAVAILABLE || status.state() == ModelState.FAILED) {
            lanes.forget(status);
        }
    }

    @Override
    public InferenceResult infer(InferenceRequest request) {
        if (!gate.enter()) {
            throw new UnavailableException("the engine is being stopped; a new one follows if it is replaced");
        }
        try {
            return infer(request, Limit.of(request));
        } finally {
            gate.leave();
            courtesy.afterCall();
        }
    }

    private InferenceResult infer(InferenceRequest request, Limit limit) {
        long failing = 0;
        while (true) {
            ModelLease lease = acquire(request, limit);
            Lane lane = lanes.of(lease.status());
            try {
                return lane.infer(request, lease, limit);
            } catch (UnavailableException e) {
                // A backend that leaves in a hurry closes models that are held; the registry has others soon.
                long now = System.nanoTime();
                failing = failing == 0 ? now : failing;
                if (limit.over() || now - failing > BRIDGE) {
                    lane.counters().failed(now - limit.began());
                    limit.check(request.model());
                    throw e;
                }
                LockSupport.parkNanos(GLANCE);
            } catch (ForgeException e) {
                lane.counters().failed(System.nanoTime() - limit.began());
                throw e;
            }
        }
    }

    @Override
    public ModelSignature signature(String model, VersionSelector version) {
        try (ModelLease lease = acquire(InferenceRequest.of(model, Map.of()).withVersion(version), Limit.NONE)) {
            return lease.model().signature();
        }
    }

    @Override
    public List<InferenceStatistics> statistics() {
        return registries
                .acquire()
                .map(registry -> {
                    try (registry) {
                        return registry.service().models();
                    }
                })
                .orElse(List.of())
                .stream()
                .filter(status -> status.state() == ModelState.READY)
                .map(lanes::statistics)
                .toList();
    }

    private ModelLease acquire(InferenceRequest request, Limit limit) {
        limit.check(request.model());
        try (Lease<ModelRegistry> registry = registries
                .acquire()
                .orElseThrow(() -> new UnavailableException("the model registry is not there; is it being started?"))) {
            return registry.service().acquire(request.model(), request.version());
        } catch (UnavailableException e) {
            limit.check(request.model());
            throw e;
        }
    }

    /** How many requests of a model version wait for a computation. */
    int waiting(String model, long version) {
        return lanes.waiting(model, version);
    }
}
