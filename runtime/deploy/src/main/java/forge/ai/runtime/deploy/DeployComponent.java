package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Configurations;
import forge.ai.api.deploy.Deployments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
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
 * Bundles follow on the side once the distribution has started, and {@link Deployments} is there once those are in
 * force that lay in the folder.
 */
@Component(service = {})
public final class DeployComponent {

    private static final Logger LOG = LoggerFactory.getLogger(DeployComponent.class);

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final BundleContext context;
    private final BundleContext system;
    private final Path home;
    private final Path data;
    private final Ledger ledger = new Ledger(Clock.systemUTC());
    private final DeployState state;
    private final ConfFolder conf;
    private final FeatureMemory memory;
    private final SideBySide swap;
    private final Retirement retirement;
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
        this.system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        String folder = context.getProperty("forge.home");
        if (folder == null) {
            throw new IllegalStateException("the framework property forge.home has to name the home folder");
        }
        this.home = Path.of(folder);
        this.data = DurableFile.folder(home.resolve("data/deploy"));
        this.state = new DeployState(data.resolve("state.json"));
        this.conf = new ConfFolder(home, data, system, admin, components, ledger);
        this.memory = new FeatureMemory(
                new FeatureReader(features), new FeatureStore(data.resolve("features")), conf.features(), state);
        this.swap = new SideBySide(system, new Readiness(context, components));
        this.retirement = new Retirement(swap::stop, swap::uninstallDeployed);
        restoreConfigurations();
        register(CollisionHook.class, swap.collisions(), Map.of());
        this.opening = Thread.ofPlatform().name("forge-deploy-open").daemon().start(this::open);
    }

    private void restoreConfigurations() throws IOException {
        register(
                ConfigurationPlugin.class,
                conf.plugin(),
                Map.of(ConfigurationPlugin.CM_RANKING, 100, "config.plugin.id", "forge.ai.runtime.deploy"));
        conf.restore(memory);
        register(Configurations.class, conf.service(), Map.of());
    }

    private void open() {
        try {
            Distribution distribution = new Distribution(system);
            distribution.awaitStarted();
            conf.open();
            Path folder = Files.createDirectories(home.resolve("deploy"));
            DeployFolder deploy = deployFolder(folder, distribution);
            deploy.restore();
            FolderWatch watch = new FolderWatch("deploy", List.of(folder), deploy::look);
            synchronized (this) {
                if (closed) {
                    watch.close();
                    return;
                }
                watch.start();
                watches.add(watch);
                register(Deployments.class, new DeployCalls(deploy, ledger), Map.of());
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            if (!closed) {
                LOG.error("the deploy folder cannot be taken in; the runtime does not become ready", e);
            }
        }
    }

    private DeployFolder deployFolder(Path folder, Distribution distribution) throws IOException {
        ArtifactStore store = new ArtifactStore(data.resolve("bundles"));
        BundlesInForce inForce =
                new BundlesInForce(system, swap, retirement, new RestartFolder(data.resolve("restart"), store));
        BundleTable table = new BundleTable(system.getBundle().getSymbolicName(), swap, inForce);
        BundleFiles bundles = new BundleFiles(folder, store, table, state, ledger);
        FeatureBundles jars = new FeatureBundles(distribution.bundles(), home.resolve("repository"));
        FeatureInstaller installer = new FeatureInstaller(memory, jars, store, table);
        FeatureFiles features = new FeatureFiles(folder, distribution.features(), memory, installer, ledger);
        table.onRefusal((claim, reason) -> {
            if (claim.byFile()) {
                bundles.refused(claim, reason);
            } else {
                features.refused(claim, reason);
            }
        });
        return new DeployFolder(folder, bundles, features);
    }

    private synchronized <T> void register(Class<T> type, T service, Map<String, Object> properties) {
        registrations.add(context.registerService(type, service, new Hashtable<>(properties)));
    }

    @Deactivate
    void close() throws InterruptedException {
        closed = true;
        opening.interrupt();
        opening.join(LIMIT);
        conf.close();
        synchronized (this) {
            watches.forEach(FolderWatch::close);
            registrations.reversed().forEach(ServiceRegistration::unregister);
        }
        retirement.awaitAll(LIMIT);
    }
}
