package forge.ai.runtime.support.provider;

import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.ModelLibrary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A provider as a service under its configured name; as a library too, if it is one. Registered by hand: the name comes
 * from the configuration, and the key in it must not become a property of the service. Used by one thread at a time.
 */
public final class NamedProvider implements AutoCloseable {

    private final ServiceRegistration<?> registration;
    private String name;
    private long changes;

    public NamedProvider(BundleContext context, String name, LlmProvider provider) {
        this.name = name;
        String[] services = provider instanceof ModelLibrary
                ? new String[] {LlmProvider.class.getName(), ModelLibrary.class.getName()}
                : new String[] {LlmProvider.class.getName()};
        registration = context.registerService(services, provider, properties());
    }

    private Hashtable<String, Object> properties() {
        return new Hashtable<>(Map.of(LlmProvider.NAME, name, LlmProvider.CHANGES, changes++));
    }

    /**
     * Takes another name, or the same one again. To be called after each change of the configuration: it tells those who
     * call the provider that what they know of it may no longer hold.
     */
    public void rename(String value) {
        name = value;
        registration.setProperties(properties());
    }

    /** Takes the service away; those who call it let go before this returns. */
    @Override
    public void close() {
        registration.unregister();
    }
}
