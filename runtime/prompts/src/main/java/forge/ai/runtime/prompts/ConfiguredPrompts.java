package forge.ai.runtime.prompts;

import forge.ai.api.NotFoundException;
import forge.ai.api.llm.Message;
import forge.ai.api.prompt.PromptTemplate;
import forge.ai.api.prompt.PromptTemplates;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The prompts of the configuration, by name. */
@Component(service = PromptTemplates.class, immediate = true)
public final class ConfiguredPrompts implements PromptTemplates {

    private static final String NAME = "name";

    /** A configuration that is deleted and written anew leaves a gap, which the router bridges. */
    private final LeaseRouters<PromptConfiguration> routers = new LeaseRouters<>(NAME);

    private final Map<PromptConfiguration, Map<String, Object>> known = new ConcurrentHashMap<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            updated = "bindPrompt")
    void bindPrompt(PromptConfiguration prompt, Map<String, Object> service) {
        Map<String, Object> now = new HashMap<>(service);
        now.put(NAME, prompt.prompt().name());
        Map<String, Object> before = known.put(prompt, now);
        if (before == null) {
            routers.add(prompt, now);
        } else {
            routers.update(prompt, before, now);
        }
    }

    void unbindPrompt(PromptConfiguration prompt) {
        Map<String, Object> before = known.remove(prompt);
        if (before != null) {
            routers.remove(prompt, before);
        }
    }

    @Override
    public List<PromptTemplate> list() {
        return routers.names().stream()
                .flatMap(name -> find(name).stream())
                .map(Prompt::described)
                .toList();
    }

    @Override
    public List<Message> render(String name, Map<String, ?> values) {
        return find(name).orElseThrow(() -> unknown(name)).render(values);
    }

    private Optional<Prompt> find(String name) {
        try (Lease<PromptConfiguration> lease = routers.acquire(name).orElse(null)) {
            return Optional.ofNullable(lease).map(l -> l.service().prompt());
        }
    }

    private NotFoundException unknown(String name) {
        List<String> names = routers.names();
        return new NotFoundException("no prompt '" + name + "'; there "
                + (names.isEmpty() ? "are none" : "are: " + String.join(", ", names)));
    }
}
