package forge.ai.console.shell;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code ai:pull}: a provider with a store of models gets one. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=pull"})
public final class PullCommand implements ShellCommand {

    private static final String MODEL = "PROVIDER/MODEL";

    private final LeaseRouters<ModelLibrary> libraries = new LeaseRouters<>(LlmProvider.NAME);
    private final Map<ModelLibrary, Map<String, ?>> properties = new ConcurrentHashMap<>();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bind(ModelLibrary library, Map<String, ?> values) {
        properties.put(library, values);
        libraries.add(library, values);
    }

    void updated(ModelLibrary library, Map<String, ?> values) {
        Map<String, ?> before = properties.put(library, values);
        libraries.update(library, before == null ? values : before, values);
    }

    void unbind(ModelLibrary library, Map<String, ?> values) {
        properties.remove(library);
        libraries.remove(library, values);
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "pull",
                "[--json] PROVIDER/MODEL",
                "has a provider such as Ollama get a model, and shows how far it is");
    }

    @Override
    public void run(Call call) {
        String name = call.words().value(MODEL);
        int slash = name.indexOf('/');
        if (slash < 1 || slash == name.length() - 1) {
            throw new InvalidRequestException("expected " + MODEL + ", not '" + name + "'");
        }
        String provider = name.substring(0, slash);
        try (Lease<ModelLibrary> lease = libraries
                .acquire(provider)
                .orElseThrow(() -> new NotFoundException("no provider '" + provider + "' with a store of models"))) {
            PullView view = new PullView(call.output(), call.words().has("--json"));
            // An interrupt ends the pull; most stores keep what has come for the next one.
            lease.service().pull(name.substring(slash + 1), view);
            view.end();
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return libraries.names().stream().map(name -> name + "/").toList();
    }
}
