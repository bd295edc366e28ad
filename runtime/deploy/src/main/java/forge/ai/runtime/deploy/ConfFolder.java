package forge.ai.runtime.deploy;

import forge.ai.api.deploy.Configurations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationPlugin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The {@code conf} folder of a home with all that takes it in. */
final class ConfFolder implements AutoCloseable {

    private final PlaceholderPlugin plugin;
    private final ConfigurationTable table;
    private final ConfigurationFiles files;
    private final Configurations service;
    private final FeatureConfigurations features;
    private final FolderWatch watch;

    /** @param data the folder for what has to be known again */
    ConfFolder(
            Path home,
            Path data,
            BundleContext system,
            ConfigurationAdmin admin,
            ServiceComponentRuntime components,
            Ledger ledger)
            throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        Path secrets = DurableFile.folder(conf.resolve("secrets"));
        Placeholders placeholders = new Placeholders(secrets, System::getenv);
        this.plugin = new PlaceholderPlugin(placeholders);
        ComponentCheck check = new ComponentCheck(components, placeholders);
        this.table = new ConfigurationTable(admin, check, data.resolve("conf-aside"));
        ConfigurationRules rules =
                new ConfigurationRules(new Metatypes(system), placeholders, new SettingsCheck(system, components));
        this.files = new ConfigurationFiles(conf, secrets, data.resolve("conf"), table, rules, ledger);
        this.service = new FileConfigurations(files, table, rules);
        this.features = new FeatureConfigurations(table, rules);
        this.watch = new FolderWatch("conf", List.of(conf, secrets), files::look);
    }

    /** Puts secrets in on the way to a component; has to be registered before anything is brought into force. */
    ConfigurationPlugin plugin() {
        return plugin;
    }

    Configurations service() {
        return service;
    }

    /** What features bring beside the files of the folder. */
    FeatureConfigurations features() {
        return features;
    }

    /** Brings into force what held in the last run, and what nobody asks for any more out of it. */
    void restore(FeatureMemory memory) throws IOException {
        memory.restore();
        files.restore();
        table.sweep();
    }

    /** Takes in what changed while the runtime was down, now that components can say what they take, and watches. */
    void open() {
        files.look();
        files.verify();
        watch.start();
    }

    @Override
    public void close() {
        watch.close();
    }
}
