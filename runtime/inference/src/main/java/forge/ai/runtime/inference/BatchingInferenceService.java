package forge.ai.runtime.inference;

import forge.ai.api.UnavailableException;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.InferenceResult;
import forge.ai.api.inference.InferenceService;
import forge.ai.api.inference.InferenceStatistics;
import forge.ai.api.inference.ShadowReport;
import forge.ai.api.inference.Step;
import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.VersionSelector;
import forge.ai.runtime.support.lease.CallGate;
import java.util.List;
import java.util.Map;
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

    /** The configuration. */
    @ObjectClassDefinition(name = "Inference", description = "The engine that computes requests with models")
    @interface Config {
        @AttributeDefinition(description = "the most requests of one model version that wait; more are refused")
        int queue() default 1024;

        @AttributeDefinition(description = "the most computations of one model version at a time; 0: one per core")
        int parallel() default 0;

        @AttributeDefinition(description = "how long requests in flight have when the engine stops")
        long drainMillis() default 10_000;

        @AttributeDefinition(description = "how long an instance has to be one too many before it is given back")
        int scaleDownSeconds() default 30;
    }

    private final Models models = new Models();
    private final Steps steps = new Steps();
    private final ResultCaches caches = new ResultCaches();
    private final Sequences sequences = new Sequences(models, System::nanoTime);
    private final Signatures signatures = new Signatures(models, steps);
    private final CallGate gate = new CallGate();
    private final Courtesy courtesy = new Courtesy();
    private final Lanes lanes;
    private final Pipelines pipelines;
    private final Scaler scaler;
    private volatile Settings settings;

    @Activate
    public BatchingInferenceService(Config config) {
        settings = Settings.of(config);
        lanes = new Lanes(this::settings);
        ModelCalls calls = new ModelCalls(models, lanes, caches, this::settings);
        pipelines = new Pipelines(models, calls, sequences, steps, lanes);
        scaler = new Scaler(models, lanes::statistics, this::settings);
        sequences.start();
        pipelines.shadows().start();
        scaler.start();
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
        scaler.close();
        gate.close();
        if (!gate.awaitIdle(settings.drain())) {
            LOG.warn("The engine stops although {} requests are still in flight", gate.inside());
        }
        pipelines.shadows().close();
        sequences.close();
        lanes.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRegistry(ModelRegistry registry, Map<String, ?> properties) {
        models.add(registry, properties);
    }

    void unbindRegistry(ModelRegistry registry) {
        models.remove(registry);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStep(Step step, Map<String, ?> properties) {
        steps.add(step, properties);
    }

    void unbindStep(Step step, Map<String, ?> properties) {
        steps.remove(step, properties);
    }

    @Override
    public void changed(ModelStatus status) {
        if (status.state() == ModelState.UNAVAILABLE || status.state() == ModelState.FAILED) {
            lanes.forget(status);
            pipelines.shadows().forget(status);
            caches.forget(status);
        }
    }

    @Override
    public InferenceResult infer(InferenceRequest request) {
        if (!gate.enter()) {
            throw new UnavailableException("the engine is being stopped; a new one follows if it is replaced");
        }
        try {
            Limit limit = Limit.of(request);
            return request.span().recording()
                    ? Tracing.traced(request, part -> pipelines.infer(part, limit, Nesting.NONE))
                    : pipelines.infer(request, limit, Nesting.NONE);
        } finally {
            gate.leave();
            courtesy.afterCall();
        }
    }

    @Override
    public ModelSignature signature(String model, VersionSelector version) {
        return signatures.of(model, version, Nesting.NONE);
    }

    @Override
    public List<InferenceStatistics> statistics() {
        return models.ready().stream().map(lanes::statistics).toList();
    }

    @Override
    public List<ShadowReport> shadows() {
        return pipelines.shadows().reports();
    }

    /** How many requests of a model version wait for a computation. */
    int waiting(String model, long version) {
        return lanes.waiting(model, version);
    }

    /** How many requests of a sequence wait for their turn. */
    int waitingInSequence(String model, String id) {
        return sequences.waiting(model, id);
    }
}
