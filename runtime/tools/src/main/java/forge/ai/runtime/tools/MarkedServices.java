package forge.ai.runtime.tools;

import forge.ai.api.tool.CallableTool;
import forge.ai.api.tool.ToolService;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/** Finds the services that are marked with {@link ToolService#PROPERTY}, of whatever class. */
final class MarkedServices implements ServiceTrackerCustomizer<Object, Object>, AutoCloseable {

    private final BundleContext context;
    private final ToolCatalog catalog;
    private final ServiceTracker<Object, Object> tracker;

    MarkedServices(BundleContext context, ToolCatalog catalog) {
        this.context = context;
        this.catalog = catalog;
        try {
            // Those that are tools themselves come by declarative services.
            String filter = "(&(" + ToolService.PROPERTY + "=*)(!(objectClass=" + CallableTool.class.getName() + ")))";
            tracker = new ServiceTracker<>(context, context.createFilter(filter), this);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        tracker.open(true);
    }

    @Override
    public Object addingService(ServiceReference<Object> reference) {
        Object service = context.getService(reference);
        if (service != null) {
            Map<String, Object> properties = new HashMap<>();
            for (String key : reference.getPropertyKeys()) {
                properties.put(key, reference.getProperty(key));
            }
            catalog.add(service, properties);
        }
        return service;
    }

    @Override
    public void modifiedService(ServiceReference<Object> reference, Object service) {}

    @Override
    public void removedService(ServiceReference<Object> reference, Object service) {
        catalog.remove(service);
        context.ungetService(reference);
    }

    @Override
    public void close() {
        tracker.close();
    }
}
