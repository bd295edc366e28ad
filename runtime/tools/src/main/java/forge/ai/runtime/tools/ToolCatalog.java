package forge.ai.runtime.tools;

import forge.ai.api.llm.Tool;
import forge.ai.api.tool.CallableTool;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.lease.Lease;
import forge.ai.runtime.support.lease.LeaseRouters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tools that are there, each leased while it is called. */
final class ToolCatalog {

    private static final Logger LOG = LoggerFactory.getLogger(ToolCatalog.class);

    private static final String NAME = "name";
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** A tool with its definition, asked for once. */
    record Entry(Tool definition, CallableTool tool, Map<String, Object> properties) {}

    private final LeaseRouters<Entry> routers = new LeaseRouters<>(NAME);
    private final Map<Object, List<Entry>> services = new IdentityHashMap<>();

    /** Takes the tools of a service in; those that cannot be used are logged and left out. */
    void add(Object service, Map<String, ?> properties) {
        List<Entry> entries = new ArrayList<>();
        try {
            List<CallableTool> tools = service instanceof CallableTool tool ? List.of(tool) : MethodTool.of(service);
            for (CallableTool tool : tools) {
                entries.add(entry(tool, properties));
            }
        } catch (Exception | LinkageError e) {
            LOG.warn("the tools of service {} are not used: {}", properties.get(Constants.SERVICE_ID), e.getMessage());
            return;
        }
        synchronized (services) {
            services.put(service, entries);
        }
        for (Entry entry : entries) {
            routers.add(entry, entry.properties());
            LOG.info("tool '{}' is there", entry.definition().name());
        }
    }

    private static Entry entry(CallableTool tool, Map<String, ?> service) throws IOException {
        Tool definition = tool.definition();
        if (!NAMES.matcher(definition.name()).matches()) {
            throw new IllegalArgumentException(
                    "name '" + definition.name() + "': allowed are 1 to 64 letters, digits, _ and -");
        }
        if (!Json.read(definition.parameters()).isObject()) {
            throw new IllegalArgumentException(definition.name() + ": the parameters have to be a JSON object");
        }
        Map<String, Object> properties = new HashMap<>();
        properties.put(NAME, definition.name());
        Stream.of(Constants.SERVICE_ID, Constants.SERVICE_RANKING)
                .filter(service::containsKey)
                .forEach(key -> properties.put(key, service.get(key)));
        return new Entry(definition, tool, properties);
    }

    /** Gives no more calls to the tools of a service, and waits for those in flight. */
    void remove(Object service) {
        List<Entry> entries;
        synchronized (services) {
            entries = Optional.ofNullable(services.remove(service)).orElse(List.of());
        }
        for (Entry entry : entries) {
            String name = entry.definition().name();
            if (routers.remove(entry, entry.properties())) {
                LOG.info("tool '{}' has left", name);
            } else {
                LOG.warn("tool '{}' leaves although calls are still in flight", name);
            }
        }
    }

    /** The tools whose names fit one of the patterns, by name. */
    List<Tool> list(List<String> patterns) {
        Pattern wanted = Pattern.compile(patterns.stream()
                .map(p -> Stream.of(p.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")))
                .collect(Collectors.joining("|")));
        return routers.names().stream()
                .filter(name -> wanted.matcher(name).matches())
                .flatMap(name -> definition(name).stream())
                .toList();
    }

    private Optional<Tool> definition(String name) {
        try (Lease<Entry> lease = routers.acquire(name).orElse(null)) {
            return Optional.ofNullable(lease).map(l -> l.service().definition());
        }
    }

    /** A hold on the tool of that name; empty if there is none, nor one to be expected at once. */
    Optional<Lease<Entry>> acquire(String name) {
        return routers.acquire(name);
    }

    List<String> names() {
        return routers.names();
    }
}
