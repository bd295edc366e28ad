package forge.ai.console.shell;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.PulledModel;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** {@code ai:pull}: a provider with a store of models gets one, or a hub brings one into the repository. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=pull"})
public final class PullCommand implements ShellCommand {

    private static final String MODEL = "MODEL";

    private final LeaseRouters<ModelLibrary> libraries = new LeaseRouters<>(LlmProvider.NAME);
    private final Map<ModelLibrary, Map<String, ?>> properties = new ConcurrentHashMap<>();
    private final LeaseRouters<ModelHub> hubs = new LeaseRouters<>(ModelHub.SCHEME);

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

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindHub(ModelHub hub, Map<String, ?> values) {
        hubs.add(hub, values);
    }

    void unbindHub(ModelHub hub, Map<String, ?> values) {
        hubs.remove(hub, values);
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "pull",
                "[--json] [--as NAME] [--variant VARIANT] [--backend BACKEND] MODEL",
                "brings hf:OWNER/MODEL[@REVISION] from a hub into the repository, or has a provider such as Ollama get"
                        + " PROVIDER/MODEL, and shows how far it is");
    }

    @Override
    public void run(Call call) {
        String name = call.words().value(MODEL);
        int slash = name.indexOf('/');
        int colon = name.indexOf(':');
        if (colon > 0 && (slash < 0 || colon < slash)) {
            fromHub(call, name.substring(0, colon), HubPull.of(name.substring(colon + 1)));
        } else if (slash > 0 && slash < name.length() - 1) {
            byProvider(call, name.substring(0, slash), name.substring(slash + 1));
        } else {
            throw new InvalidRequestException("expected PROVIDER/MODEL or hf:OWNER/MODEL, not '" + name + "'");
        }
    }

    /** An interrupt ends the pull; what has come is kept for the next one. */
    private void fromHub(Call call, String scheme, HubPull pull) {
        Words words = call.words();
        HubPull wanted = pull.withName(words.option("--as").orElse(""))
                .withVariant(words.option("--variant").orElse(""))
                .withBackend(words.option("--backend").orElse(""));
        try (Lease<ModelHub> lease = hubs.acquire(scheme)
                .orElseThrow(() -> new NotFoundException(
                        "no hub '" + scheme + ":'" + (hubs.names().isEmpty() ? "" : "; there are: " + hubs.names())))) {
            PullView view = new PullView(call.output(), words.has("--json"));
            PulledModel pulled = lease.service().pull(wanted, view);
            view.end();
            if (!words.has("--json")) {
                call.output()
                        .line(pulled.name() + " version " + pulled.version()
                                + (pulled.changed() ? " is in the repository" : " is what the hub has"));
            }
        }
    }

    private void byProvider(Call call, String provider, String model) {
        if (!call.words().options().keySet().stream().allMatch("--json"::equals)) {
            throw new InvalidRequestException("--as, --variant and --backend are for models of a hub");
        }
        try (Lease<ModelLibrary> lease = libraries
                .acquire(provider)
                .orElseThrow(() -> new NotFoundException("no provider '" + provider + "' with a store of models"))) {
            PullView view = new PullView(call.output(), call.words().has("--json"));
            // An interrupt ends the pull; most stores keep what has come for the next one.
            lease.service().pull(model, view);
            view.end();
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals(MODEL)
                ? Stream.concat(
                                hubs.names().stream().map(scheme -> scheme + ":"),
                                libraries.names().stream().map(name -> name + "/"))
                        .toList()
                : List.of();
    }
}
