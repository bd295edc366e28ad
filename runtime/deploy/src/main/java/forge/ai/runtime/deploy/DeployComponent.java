package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.feature.FeatureService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the home folder.
 *
 * <p>Configurations are in force when activation returns, so that bundles started after this one find theirs.
 * Bundles follow on the side, and {@link Deployments} is there once those are in force that lay in the folder.
 */
@Component(service = {})
public final class DeployComponent {

    private static final Logger LOG = LoggerFactory.getLogger(DeployComponent.class);

    private final BundleContext context;
    private final BundleContext system;
    private final DeployState state;
    private final Ledger ledger = new Ledger(Clock.systemUTC());
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final List<FolderWatch> watches = new ArrayList<>();
    private final Thread opening;
    private volatile boolean closed;

    @Activate
    public DeployComponent(
            BundleContext context,
            @Reference ConfigurationAdmin admin,
            @Reference ServiceComponentRuntime components,
            @Reference FeatureService features)
            throws IOException {
        this.context = context;
        String home = context.getProperty("forge.home");
        if (home == null) {
            throw new IllegalStateException("the framework property forge.home has to name the home folder");
        }
        Path folder = Path.of(home);
        this.system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        this.state = new DeployState(
                DurableFile.folder(folder.resolve("data/deploy")).resolve("state.json"));
        FeatureMemory memory = watchConfigurations(folder, admin, components, new FeatureReader(features));
        SideBySide swap = new SideBySide(system, new Readiness(context, components));
        register(CollisionHook.class, swap.collisions(), new Hashtable<>());
        this.opening = Thread.ofPlatform().name("forge-deploy-open").daemon().start(() -> open(folder, swap, memory));
    }

    private FeatureMemory watchConfigurations(
            Path home, ConfigurationAdmin admin, ServiceComponentRuntime components, FeatureReader reader)
            throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        Path secrets = DurableFile.folder(conf.resolve("secrets"));
        Path data = DurableFile.folder(home.resolve("data/deploy"));
        Placeholders placeholders = new Placeholders(secrets, System::getenv);
        Hashtable<String, Object> ranking = new Hashtable<>();
        ranking.put(ConfigurationPlugin.CM_RANKING, 100);
        ranking.put("config.plugin.id", "forge.ai.runtime.deploy");
        register(ConfigurationPlugin.class, new PlaceholderPlugin(placeholders), ranking);
        ComponentCheck check = new ComponentCheck(components, placeholders);
        ConfigurationTable table = new ConfigurationTable(admin, check, data.resolve("conf-aside"));
        ConfigurationRules rules = new ConfigurationRules(new Metatypes(system), placeholders);
        ConfigurationFiles files = new ConfigurationFiles(conf, secrets, data.resolve("conf"), table, rules, ledger);
        FolderWatch watch = new FolderWatch("conf", List.of(conf, secrets), files::look);
        FeatureMemory memory = new FeatureMemory(
                reader, new FeatureStore(data.resolve("features")), new FeatureConfigurations(table, rules), state);
        memory.restore();
        files.restore();
        table.sweep();
        watch.start();
        watches.add(watch);
        register(Configurations.class, new FileConfigurations(files, table, rules), new Hashtable<>());
        return memory;
    }

    private void open(Path home, SideBySide swap, FeatureMemory memory) {
        try {
            Path folder = Files.createDirectories(home.resolve("deploy"));
            Path data = DurableFile.folder(home.resolve("data/deploy"));
            ArtifactStore store = new ArtifactStore(data.resolve("bundles"));
            RestartFolder restarts = new RestartFolder(data.resolve("restart"), store);
            BundleTable table = new BundleTable(system, swap, restarts);
            Distribution distribution = new Distribution(system);
            BundleFiles bundles = new BundleFiles(folder, store, table, state, ledger);
            FeatureFiles features = new FeatureFiles(
                    folder,
                    distribution.features(),
                    memory,
                    new FeatureBundles(distribution.bundles(), home.resolve("repository")),
                    store,
                    table,
                    ledger);
            table.onRefusal((claim, reason) -> {
                if (claim.byFile()) {
                    bundles.refused(claim, reason);
                } else {
                    features.refused(claim, reason);
                }
            });
            DeployFolder deploy = new DeployFolder(folder, bundles, features);
            FolderWatch watch = new FolderWatch("deploy", List.of(folder), deploy::look);
            distribution.awaitStarted();
            deploy.restore();
            synchronized (this) {
                if (closed) {
                    watch.close();
                    return;
                }
                watch.start();
                watches.add(watch);
                register(Deployments.class, new FolderDeployments(deploy, ledger), new Hashtable<>());
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (!closed) {
                LOG.error("the deploy folder cannot be taken in; the runtime does not become ready", e);
            }
        }
    }

    private synchronized <T> void register(Class<T> type, T service, Dictionary<String, Object> properties) {
        registrations.add(context.registerService(type, service, properties));
    }

    @Deactivate
    void close() throws InterruptedException {
        closed = true;
        opening.interrupt();
        opening.join(Duration.ofSeconds(5));
        synchronized (this) {
            watches.forEach(FolderWatch::close);
            registrations.reversed().forEach(ServiceRegistration::unregister);
        }
    }
}
