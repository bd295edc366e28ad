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
    private final Ledger ledger = new Ledger(Clock.systemUTC());
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private final List<FolderWatch> watches = new ArrayList<>();
    private final Thread opening;
    private volatile boolean closed;

    @Activate
    public DeployComponent(
            BundleContext context, @Reference ConfigurationAdmin admin, @Reference ServiceComponentRuntime components)
            throws IOException {
        this.context = context;
        String home = context.getProperty("forge.home");
        if (home == null) {
            throw new IllegalStateException("the framework property forge.home has to name the home folder");
        }
        Path folder = Path.of(home);
        watchConfigurations(folder, admin, components);
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        SideBySide swap = new SideBySide(system, new Readiness(context, components));
        register(CollisionHook.class, swap.collisions(), new Hashtable<>());
        this.opening = Thread.ofPlatform().name("forge-deploy-open").daemon().start(() -> open(folder, system, swap));
    }

    private void watchConfigurations(Path home, ConfigurationAdmin admin, ServiceComponentRuntime components)
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
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        ConfigurationRules rules = new ConfigurationRules(new Metatypes(system), placeholders);
        ConfigurationFiles files = new ConfigurationFiles(conf, secrets, data.resolve("conf"), table, rules, ledger);
        FolderWatch watch = new FolderWatch("conf", List.of(conf, secrets), files::look);
        files.restore();
        watch.start();
        watches.add(watch);
        register(Configurations.class, new FileConfigurations(files, table, rules), new Hashtable<>());
    }

    private void open(Path home, BundleContext system, SideBySide swap) {
        try {
            Path folder = Files.createDirectories(home.resolve("deploy"));
            Path data = DurableFile.folder(home.resolve("data/deploy"));
            ArtifactStore store = new ArtifactStore(data.resolve("bundles"));
            RestartFolder restarts = new RestartFolder(data.resolve("restart"), store);
            BundleTable table = new BundleTable(system, swap, restarts);
            BundleFiles bundles =
                    new BundleFiles(folder, store, table, new DeployState(data.resolve("state.json")), ledger);
            table.onRefusal(bundles::refused);
            DeployFolder deploy = new DeployFolder(folder, bundles);
            FolderWatch watch = new FolderWatch("deploy", List.of(folder), deploy::look);
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
        } catch (IOException | RuntimeException e) {
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
