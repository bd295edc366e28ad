package forge.ai.runtime.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows when a bundle that was started serves: its components are satisfied and its services can be got. */
final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration SERVICES_LIMIT = Duration.ofSeconds(2);

    private final BundleContext context;
    private final ServiceComponentRuntime components;

    Readiness(BundleContext context, ServiceComponentRuntime components) {
        this.context = context;
        this.components = components;
    }

    /**
     * Waits, bounded, until a bundle offers what the one that it replaces does.
     *
     * @throws Refused if a component that serves in the old one is not satisfied in the new one, or one fails
     */
    void await(Bundle fresh, Optional<Bundle> old) throws InterruptedException {
        Set<String> served = old.map(this::satisfied).orElse(Set.of());
        long start = System.nanoTime();
        while (true) {
            failIfOneFailed(fresh);
            List<ComponentConfigurationDTO> waiting = waiting(fresh, served);
            boolean services =
                    old.map(o -> services(fresh).containsAll(services(o))).orElse(true);
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (waiting.isEmpty() && services) {
                break;
            }
            if (!waiting.isEmpty() && waited.compareTo(LIMIT) > 0) {
                throw new Refused(waiting.stream().map(Readiness::lack).collect(Collectors.joining("; ")));
            }
            if (waiting.isEmpty() && waited.compareTo(SERVICES_LIMIT) > 0) {
                LOG.warn("{} has fewer services than the bundle that it replaces", fresh);
                break;
            }
            Thread.sleep(5);
        }
        get(fresh);
        failIfOneFailed(fresh);
    }

    /** What keeps the components of a bundle from serving, for people; empty if nothing does. */
    List<String> lacks(Bundle bundle) {
        return configurations(bundle).stream()
                .filter(c -> c.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE)
                .map(Readiness::lack)
                .toList();
    }

    /** A service whose component fails shows it only when somebody asks for it. */
    private void get(Bundle fresh) {
        ServiceReference<?>[] offered = fresh.getRegisteredServices();
        if (offered == null) {
            return;
        }
        for (ServiceReference<?> reference : offered) {
            if (context.getService(reference) != null) {
                context.ungetService(reference);
            }
        }
    }

    private void failIfOneFailed(Bundle fresh) {
        for (ComponentConfigurationDTO configuration : configurations(fresh)) {
            if (configuration.state == ComponentConfigurationDTO.FAILED_ACTIVATION) {
                throw new Refused("component " + configuration.description.name + " fails: " + failure(configuration));
            }
        }
    }

    /** What a component said when it failed: the innermost cause of the stack trace that the runtime kept. */
    static String failure(ComponentConfigurationDTO configuration) {
        String trace = Objects.requireNonNullElse(configuration.failure, "no reason given");
        String[] lines = trace.split("\\R");
        return Arrays.stream(lines)
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, last) -> last)
                .map(line -> line.substring("Caused by: ".length()))
                .orElse(lines[0]);
    }

    private List<ComponentConfigurationDTO> waiting(Bundle fresh, Set<String> served) {
        return configurations(fresh).stream()
                .filter(c -> c.state == ComponentConfigurationDTO.UNSATISFIED_REFERENCE
                        || c.state == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION)
                .filter(c -> served.contains(c.description.name))
                .toList();
    }

    private Set<String> satisfied(Bundle bundle) {
        return configurations(bundle).stream()
                .filter(c ->
                        c.state == ComponentConfigurationDTO.SATISFIED || c.state == ComponentConfigurationDTO.ACTIVE)
                .map(c -> c.description.name)
                .collect(Collectors.toSet());
    }

    private List<ComponentConfigurationDTO> configurations(Bundle bundle) {
        return components.getComponentDescriptionDTOs(bundle).stream()
                .flatMap(d -> components.getComponentConfigurationDTOs(d).stream())
                .toList();
    }

    private static List<String> services(Bundle bundle) {
        List<String> classes = new ArrayList<>();
        ServiceReference<?>[] offered = bundle.getState() == Bundle.ACTIVE ? bundle.getRegisteredServices() : null;
        if (offered != null) {
            Stream.of(offered)
                    .flatMap(r -> Stream.of((String[]) r.getProperty(Constants.OBJECTCLASS)))
                    .forEach(classes::add);
        }
        return classes;
    }

    private static String lack(ComponentConfigurationDTO configuration) {
        String references = Stream.of(configuration.unsatisfiedReferences)
                .map(r -> r.name + (r.target == null ? "" : " " + r.target))
                .collect(Collectors.joining(", "));
        return "component " + configuration.description.name + " waits for "
                + (references.isEmpty() ? "its configuration" : references);
    }
}
