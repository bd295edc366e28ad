package forge.ai.runtime.models;

import forge.ai.api.NotFoundException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.ModelBackend;
import forge.ai.api.model.ModelConfig;
import forge.ai.api.model.ModelLease;
import forge.ai.api.model.ModelListener;
import forge.ai.api.model.ModelRegistry;
import forge.ai.api.model.ModelState;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.model.Shadow;
import forge.ai.api.model.VersionSelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.framework.BundleContext;
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

/** The registry over a repository folder. */
@Component(immediate = true, configurationPid = FolderModelRegistry.PID)
@Designate(ocd = FolderModelRegistry.Config.class)
public final class FolderModelRegistry implements ModelRegistry {

    static final String PID = "forge.ai.models";

    private static final Logger LOG = LoggerFactory.getLogger(FolderModelRegistry.class);
    private static final long MIB = 1 << 20;

    /** The configuration. */
    @ObjectClassDefinition(name = "Models", description = "The repository of models and how they are loaded")
    @interface Config {
        @AttributeDefinition(description = "folder of models; a relative one lies in the home folder")
        String repository() default "models";

        @AttributeDefinition(description = "watch: what lies in the folder is loaded; explicit: by call only")
        String mode() default "watch";

        @AttributeDefinition(description = "about how many MiB loaded models may take; 0 for no limit")
        long memoryBudgetMiB() default 0;

        @AttributeDefinition(description = "how many models are loaded at the same time")
        int parallelLoads() default 2;

        @AttributeDefinition(description = "a model that takes longer to load is given up")
        long loadSeconds() default 600;

        @AttributeDefinition(description = "time between two looks at the folder; files alike in two are complete")
        long lookMillis() default 250;
    }

    private final Path home;
    private final Announcements announcements = new Announcements();
    private final Catalog catalog;
    private final Watcher watcher;
    private final Operations operations;

    @Activate
    public FolderModelRegistry(BundleContext context, Config config) {
        this(Path.of(Optional.ofNullable(context.getProperty("forge.home")).orElse("home")), config);
    }

    FolderModelRegistry(Path home, Config config) {
        this.home = home.toAbsolutePath().normalize();
        ChoicesFile file = new ChoicesFile(this.home.resolve("data").resolve(PID + ".json"));
        this.catalog = new Catalog(settings(config), file.read(), announcements);
        this.watcher = new Watcher(catalog);
        this.operations = new Operations(catalog, watcher, file);
        watcher.start();
    }

    /** Looks at the repository now. */
    void look() {
        watcher.look();
    }

    /** Whether nothing is being loaded now. */
    boolean idle() {
        return catalog.idle();
    }

    @Modified
    void modified(Config config) {
        try {
            catalog.settings(settings(config));
        } catch (IllegalArgumentException e) {
            LOG.error("{}; the configuration before stays in force", e.getMessage());
        }
    }

    /** Refuses what is not allowed; also called to try values out before they are in force. */
    private static void check(Config config) {
        require(List.of("watch", "explicit").contains(config.mode()), "mode", config.mode(), "watch or explicit");
        require(config.memoryBudgetMiB() >= 0, "memoryBudgetMiB", config.memoryBudgetMiB(), "0 or more");
        require(
                config.parallelLoads() >= 1 && config.parallelLoads() <= 64,
                "parallelLoads",
                config.parallelLoads(),
                "1 to 64");
        require(config.loadSeconds() >= 1, "loadSeconds", config.loadSeconds(), "1 or more");
        require(config.lookMillis() >= 10, "lookMillis", config.lookMillis(), "10 or more");
    }

    private Settings settings(Config config) {
        check(config);
        return new Settings(
                home.resolve(config.repository()),
                config.mode().equals("explicit"),
                config.memoryBudgetMiB() * MIB,
                config.parallelLoads(),
                Duration.ofSeconds(config.loadSeconds()),
                Duration.ofMillis(config.lookMillis()));
    }

    private static void require(boolean allowed, String key, Object value, String what) {
        if (!allowed) {
            throw new IllegalArgumentException("%s: %s is %s; allowed is %s".formatted(PID, key, value, what));
        }
    }

    @Deactivate
    void deactivate() {
        watcher.close();
        catalog.close();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindBackend(ModelBackend backend, Map<String, ?> properties) {
        catalog.add(new BoundBackend(backend, properties));
    }

    void unbindBackend(ModelBackend backend) {
        catalog.remove(backend);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindListener(ModelListener listener) {
        announcements.add(listener);
    }

    void unbindListener(ModelListener listener) {
        announcements.remove(listener);
    }

    @Override
    public Path repository() {
        return catalog.settings().repository();
    }

    @Override
    public List<ModelStatus> models() {
        return catalog.statuses();
    }

    @Override
    public ModelStatus model(String name, VersionSelector version) {
        return routes(catalog.routes(), name).find(name, version).status();
    }

    @Override
    public ModelLease acquire(String name, VersionSelector version) {
        long since = System.nanoTime();
        while (true) {
            long epoch = catalog.epoch();
            Map<String, Routes> seen = catalog.routes();
            Slot slot = routes(seen, name).choose(name, version);
            ModelLease lease = slot.lease(seen.get(name).config());
            if (lease != null) {
                return lease;
            }
            if (!catalog.awaitRoute(epoch, slot, since)) {
                throw unavailable(slot.status());
            }
        }
    }

    private static UnavailableException unavailable(ModelStatus status) {
        String why = status.reason().isEmpty() ? "" : ": " + status.reason();
        String state = status.state() == ModelState.READY
                ? "being replaced"
                : status.state().toString();
        return new UnavailableException(
                "model %s version %d is %s%s".formatted(status.name(), status.version(), state, why));
    }

    private static Routes routes(Map<String, Routes> routes, String name) {
        Routes model = routes.get(name);
        if (model == null) {
            throw new NotFoundException("no model " + name + "; there are: " + new TreeSet<>(routes.keySet()));
        }
        return model;
    }

    @Override
    public void load(String name) {
        operations.load(name);
    }

    @Override
    public void unload(String name) {
        operations.unload(name);
    }

    @Override
    public void label(String name, String label, long version) {
        operations.label(name, label, version);
    }

    @Override
    public ModelConfig config(String name) {
        return routes(catalog.routes(), name).config();
    }

    @Override
    public void traffic(String name, Map<String, Integer> weights) {
        operations.traffic(name, weights);
    }

    @Override
    public void shadow(String name, Shadow shadow) {
        operations.shadow(name, shadow);
    }

    @Override
    public void scale(String name, long version, int instances) {
        routes(catalog.routes(), name).find(name, VersionSelector.of(version));
        catalog.scale(name, version, instances);
    }
}
