package forge.ai.runtime.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Has of every PID the preferred values in force: those of its file, or else of a feature, or else what somebody else
 * had put into Config Admin before, which is kept aside meanwhile.
 */
final class ConfigurationTable {

    /** Marks in Config Admin what was put in from here, so that it is known again whatever happened meanwhile. */
    static final String MARK = ".forge.deployed";

    /** The source of the values in a file. */
    static final String FILE = "file";

    private final ConfigurationAdmin admin;
    private final ComponentCheck components;
    private final Path aside;
    private final Map<Pid, Map<String, Map<String, Object>>> sources = new HashMap<>();

    /** @param aside the folder for what somebody else had configured */
    ConfigurationTable(ConfigurationAdmin admin, ComponentCheck components, Path aside) throws IOException {
        this.admin = admin;
        this.components = components;
        this.aside = DurableFile.folder(aside);
    }

    /**
     * Takes values in and brings into force what is then preferred.
     *
     * @throws Refused if the component that takes them refuses them; what was in force before is again
     */
    synchronized void put(Pid pid, String source, Map<String, Object> values) throws IOException {
        Map<String, Map<String, Object>> all = sources.computeIfAbsent(pid, p -> new LinkedHashMap<>());
        Map<String, Object> before = all.put(source, values);
        try {
            settle(pid);
            components.check(pid, preferred(pid).orElse(values));
        } catch (Refused e) {
            if (before == null) {
                all.remove(source);
            } else {
                all.put(source, before);
            }
            settle(pid);
            throw e;
        }
    }

    /** @throws Refused if a component fails with the values in force */
    synchronized void verify(Pid pid) {
        preferred(pid).ifPresent(values -> components.failIfFailed(pid, values));
    }

    /** Gives up the values of a source. */
    synchronized void remove(Pid pid, String source) throws IOException {
        sources.computeIfAbsent(pid, p -> new LinkedHashMap<>()).remove(source);
        settle(pid);
    }

    /** Takes out what an earlier run put in and nobody asks for any more. */
    synchronized void sweep() throws IOException {
        for (Configuration configuration : list("(" + MARK + "=true)").toList()) {
            settle(new Pid(configuration.getPid()));
        }
    }

    /** The values in force, with the placeholders as they are. */
    Optional<Map<String, Object>> values(Pid pid) throws IOException {
        return find(pid).map(ConfigurationTable::values);
    }

    /** Everything that is configured. */
    Set<String> pids() throws IOException {
        Set<String> pids = new TreeSet<>();
        list(null).forEach(configuration -> {
            try {
                pids.add(configuration.getPid());
            } catch (IllegalStateException e) {
                // It was deleted after it was listed, so it is none of them.
            }
        });
        return pids;
    }

    /** Delivers the configurations once more in which a secret is put in. */
    synchronized void secretChanged(String secret) throws IOException {
        for (Configuration configuration : list(null).toList()) {
            if (values(configuration).values().stream().anyMatch(value -> Placeholders.names(value, secret))) {
                configuration.update(configuration.getProperties());
            }
        }
    }

    private Optional<Map<String, Object>> preferred(Pid pid) {
        Map<String, Map<String, Object>> all = sources.getOrDefault(pid, Map.of());
        return Optional.ofNullable(all.get(FILE)).or(() -> all.values().stream().reduce((first, last) -> last));
    }

    private void settle(Pid pid) throws IOException {
        Optional<Map<String, Object>> wanted = preferred(pid);
        Optional<Configuration> present = find(pid);
        Path kept = aside.resolve(pid.file());
        boolean ours = present.filter(ConfigurationTable::marked).isPresent();
        if (wanted.isPresent()) {
            if (present.isPresent() && !ours) {
                DurableFile.write(
                        kept, ConfigurationFormat.write(values(present.get())).getBytes(StandardCharsets.UTF_8));
            }
            update(pid, wanted.get());
        } else if (ours) {
            if (Files.exists(kept)) {
                configuration(pid).updateIfDifferent(new Hashtable<>(ConfigurationFormat.read(kept)));
                Files.delete(kept);
            } else {
                present.get().delete();
            }
        }
    }

    private void update(Pid pid, Map<String, Object> values) throws IOException {
        Configuration configuration = configuration(pid);
        if (!"?".equals(configuration.getBundleLocation())) {
            configuration.setBundleLocation("?");
        }
        Hashtable<String, Object> marked = new Hashtable<>(values);
        marked.put(MARK, true);
        configuration.updateIfDifferent(marked);
    }

    private Configuration configuration(Pid pid) throws IOException {
        return pid.factory().isPresent()
                ? admin.getFactoryConfiguration(pid.factory().get(), pid.instance(), "?")
                : admin.getConfiguration(pid.name(), "?");
    }

    private Optional<Configuration> find(Pid pid) throws IOException {
        return list("(service.pid=" + pid.name().replaceAll("[\\\\()*]", "\\\\$0") + ")")
                .findFirst();
    }

    private Stream<Configuration> list(@Nullable String filter) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations(filter);
            return found == null ? Stream.empty() : Stream.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(filter, e);
        }
    }

    private static Map<String, Object> values(Configuration configuration) {
        Map<String, Object> values = new TreeMap<>();
        Dictionary<String, Object> properties = configuration.getProperties();
        if (properties != null) {
            properties.keys().asIterator().forEachRemaining(key -> values.put(key, properties.get(key)));
        }
        values.keySet().removeAll(Set.of("service.pid", "service.factoryPid", MARK));
        return values;
    }

    private static boolean marked(Configuration configuration) {
        return Boolean.TRUE.equals(configuration.getProperties().get(MARK));
    }
}
