package forge.ai.runtime.monitoring;

import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.ProviderStatus;
import forge.ai.api.monitoring.Metric.Kind;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.api.monitoring.Telemetry.Observation;
import forge.ai.api.monitoring.Telemetry.Observer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Whether the providers of language models are well. */
@Component(
        service = {},
        immediate = true)
public final class ProviderMetrics {

    private final Observation health;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable LlmService llm;

    @Activate
    public ProviderMetrics(@Reference Telemetry to) {
        health = to.observe(
                Kind.GAUGE,
                "forge.llm.provider.healthy",
                "",
                "1 of a provider that is well, 0 of one that fails",
                this::look);
    }

    private void look(Observer now) {
        LlmService service = llm;
        if (service != null) {
            for (ProviderStatus provider : service.providers()) {
                now.is(provider.healthy() ? 1 : 0, "gen_ai.provider.name", provider.name());
            }
        }
    }

    @Deactivate
    void deactivate() {
        health.close();
    }
}
