package forge.ai.runtime.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configurations that features bring; a file in the {@code conf} folder counts more. */
final class FeatureConfigurations {

    private static final Logger LOG = LoggerFactory.getLogger(FeatureConfigurations.class);

    private final ConfigurationTable table;
    private final ConfigurationRules rules;

    FeatureConfigurations(ConfigurationTable table, ConfigurationRules rules) {
        this.table = table;
        this.rules = rules;
    }

    /** Brings into force what a feature said in an earlier run. */
    void restore(String owner, FeatureDocument feature) throws IOException {
        for (Map.Entry<Pid, Map<String, Object>> each : feature.configurations().entrySet()) {
            try {
                table.put(each.getKey(), owner, each.getValue());
            } catch (Refused e) {
                LOG.warn("{} of {}: {}", each.getKey().name(), feature.name(), e.getMessage());
            }
        }
    }

    /**
     * Brings all configurations of a feature into force.
     *
     * @param before what it said until now
     * @return what undoes it
     * @throws Refused if one is not allowed, or a component refuses it; everything is then as before
     */
    Runnable put(String owner, FeatureDocument feature, Optional<FeatureDocument> before) {
        Deque<Pid> done = new ArrayDeque<>();
        Runnable undo = () -> done.forEach(pid -> bringBack(owner, pid, before));
        try {
            feature.configurations().forEach((pid, values) -> {
                put(owner, pid, values);
                done.push(pid);
            });
            before.ifPresent(old -> old.configurations().keySet().stream()
                    .filter(pid -> !feature.configurations().containsKey(pid))
                    .forEach(pid -> {
                        remove(owner, pid);
                        done.push(pid);
                    }));
            return undo;
        } catch (Refused e) {
            undo.run();
            throw e;
        }
    }

    private void put(String owner, Pid pid, Map<String, Object> values) {
        try {
            rules.check(pid, values);
            table.put(pid, owner, values);
        } catch (Refused e) {
            throw new Refused("configuration " + pid.name() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void bringBack(String owner, Pid pid, Optional<FeatureDocument> before) {
        Optional<Map<String, Object>> values =
                before.map(old -> old.configurations().get(pid));
        try {
            if (values.isPresent()) {
                table.put(pid, owner, values.get());
            } else {
                table.remove(pid, owner);
            }
        } catch (IOException | Refused e) {
            LOG.error("{} is not as it was before: {}", pid.name(), Refused.said(e));
        }
    }

    void remove(String owner, FeatureDocument feature) {
        feature.configurations().keySet().forEach(pid -> remove(owner, pid));
    }

    private void remove(String owner, Pid pid) {
        try {
            table.remove(pid, owner);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
