package forge.ai.runtime.tools;

import forge.ai.api.llm.Content;
import forge.ai.api.llm.Tool;
import forge.ai.api.tool.CallableTool;
import forge.ai.api.tool.ToolMethod;
import forge.ai.api.tool.ToolParameter;
import forge.ai.api.tool.ToolService;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A bundle with two tools: a method of a service of a class of its own, and a {@link CallableTool}. */
public final class WeatherBundle implements BundleActivator {

    private final List<ServiceRegistration<?>> services = new ArrayList<>();
    private volatile boolean stopped;

    @Override
    public void start(BundleContext context) {
        services.add(context.registerService(
                WeatherBundle.class.getName(), this, new Hashtable<>(Map.of(ToolService.PROPERTY, true))));
        services.add(context.registerService(CallableTool.class, new Clock(), new Hashtable<>()));
    }

    @Override
    public void stop(BundleContext context) {
        // First, because whoever calls is waited for then; as declarative services do.
        services.forEach(ServiceRegistration::unregister);
        stopped = true;
    }

    /** Takes a millisecond, so that bundles are replaced while it runs. */
    @ToolMethod("how warm it is")
    public String weather(@ToolParameter(name = "city") String city) throws InterruptedException {
        Thread.sleep(1);
        if (stopped) {
            throw new IllegalStateException("called after it was stopped");
        }
        if (city.equals("Atlantis")) {
            throw new IllegalArgumentException("no such city");
        }
        return "21 degrees in " + city;
    }

    private static final class Clock implements CallableTool {
        @Override
        public Tool definition() {
            return new Tool("clock", "what time it is", "{\"type\":\"object\",\"properties\":{}}", false);
        }

        @Override
        public List<Content> call(String arguments) {
            return List.of(new Content.Text("noon"));
        }
    }
}
