package forge.ai.runtime.deploy;

import java.util.Collections;
import java.util.Dictionary;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts secrets and environment variables into a configuration on its way to the component: what Config Admin stores
 * and what anybody can read back has the placeholder.
 */
final class PlaceholderPlugin implements ConfigurationPlugin {

    private static final Logger LOG = LoggerFactory.getLogger(PlaceholderPlugin.class);

    private final Placeholders placeholders;

    PlaceholderPlugin(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    @Override
    public void modifyConfiguration(ServiceReference<?> reference, Dictionary<String, Object> properties) {
        properties.remove(ConfigurationTable.MARK);
        for (String key : Collections.list(properties.keys())) {
            Object value = properties.get(key);
            if (Placeholders.in(value)) {
                try {
                    properties.put(key, placeholders.resolve(value));
                } catch (Refused e) {
                    // Better the default than the placeholder itself, sent to somebody as a key.
                    LOG.error("{} of {}: {}", key, properties.get("service.pid"), e.getMessage());
                    properties.remove(key);
                }
            }
        }
    }
}
