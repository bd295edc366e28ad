package forge.ai.provider.local;

import forge.ai.api.inference.InferenceService;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.support.lease.LeaseRouter;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
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

/**
 * Publishes the provider under its configured name. New values are taken in place, for answers that are on their way
 * would be lost otherwise.
 */
@Component(configurationPid = "forge.ai.provider.local", immediate = true)
@Designate(ocd = LocalProviderComponent.Config.class)
public final class LocalProviderComponent implements ModelListener {

    /** The keys of {@code forge.ai.provider.local.cfg.json}. */
    @ObjectClassDefinition(name = "Local provider", description = "Language models of the repository")
    @interface Config {
        @AttributeDefinition(description = "The name before the slash in provider/model")
        String name() default "local";

        @AttributeDefinition(description = "The most answers of one model version generated at the same time")
        int maxSequences() default 8;

        @AttributeDefinition(description = "The most tokens of one answer")
        int maxTokens() default 2048;

        @AttributeDefinition(
                description = "The most tokens of prompts that are read between two tokens of other answers")
        int promptPiece() default 512;

        @AttributeDefinition(
                description =
                        "The most memory for keys and values of one model version, in MiB; outside of the Java heap")
        int cacheMebibytes() default 1024;

        @AttributeDefinition(
                description =
                        "The most memory for keys and values of answers that have ended, for their next turns, in MiB")
        int prefixMebibytes() default 128;
    }

    private final LeaseRouter<ModelRegistry> registries = new LeaseRouter<>();
    private final LeaseRouter<InferenceService> engines = new LeaseRouter<>();
    private final LocalProvider provider;
    private ServiceRegistration<LlmProvider> registration;
    private volatile Limits limits;
    private Telemetry telemetry = Telemetry.NONE;

    @Activate
    public LocalProviderComponent(Config config) {
        limits = limits(config);
        provider = new LocalProvider(registries, engines, () -> limits);
    }

    /** The references are bound between construction and this; earlier, it would be found to have no models. */
    @Activate
    void start(BundleContext context, Config config) {
        registration = context.registerService(LlmProvider.class, provider, properties(config));
    }

    @Modified
    void modified(Config config) {
        limits = limits(config);
        registration.setProperties(properties(config));
    }

    /** Those who call the provider let go first; what is left then are calls past them. */
    @Deactivate
    void stop() {
        registration.unregister();
        provider.close();
    }

    @Override
    public void changed(ModelStatus status) {
        if (status.state() != ModelState.READY && status.state() != ModelState.LOADING) {
            provider.dropped(status.name(), status.version());
        }
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

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEngine(InferenceService engine, Map<String, ?> properties) {
        engines.add(engine, properties);
    }

    void unbindEngine(InferenceService engine) {
        engines.remove(engine);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindTelemetry(Telemetry service) {
        telemetry = service;
        provider.meters(new GenerationMeters(service));
    }

    /** Called after the next one is bound, if there is one. */
    void unbindTelemetry(Telemetry service) {
        if (telemetry == service) {
            telemetry = Telemetry.NONE;
            provider.meters(GenerationMeters.NONE);
        }
    }

    private static Limits limits(Config config) {
        return new Limits(
                config.maxSequences(),
                config.maxTokens(),
                config.promptPiece(),
                config.cacheMebibytes(),
                config.prefixMebibytes());
    }

    private static Hashtable<String, Object> properties(Config config) {
        return new Hashtable<>(Map.of(LlmProvider.NAME, config.name()));
    }
}
