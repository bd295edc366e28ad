package forge.ai.runtime.deploy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** Waits until a component has taken a configuration, and tells if it refused it. */
final class ComponentCheck {

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final ServiceComponentRuntime runtime;
    private final Placeholders placeholders;

    ComponentCheck(ServiceComponentRuntime runtime, Placeholders placeholders) {
        this.runtime = runtime;
        this.placeholders = placeholders;
    }

    /**
     * Returns when the components of a PID have taken its values, or at the limit; at once if there are none.
     *
     * @throws Refused if one fails with them
     */
    void check(Pid pid, Map<String, Object> values) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            List<ComponentConfigurationDTO> taking = taking(pid);
            taking.forEach(component -> failIfFailed(component, values));
            boolean none = taking.isEmpty() && !known(pid);
            if (none || !taking.isEmpty() && taking.stream().allMatch(c -> has(c, values)) || System.nanoTime() > end) {
                return;
            }
            pause();
        }
    }

    /** @throws Refused if a component has failed with these values of its PID */
    void failIfFailed(Pid pid, Map<String, Object> values) {
        taking(pid).forEach(component -> failIfFailed(component, values));
    }

    private void failIfFailed(ComponentConfigurationDTO component, Map<String, Object> values) {
        if (component.state == ComponentConfigurationDTO.FAILED_ACTIVATION && has(component, values)) {
            throw new Refused(
                    "component " + component.description.name + " refuses it: " + Readiness.failure(component));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted while a component was taking its configuration", e);
        }
    }

    private List<ComponentConfigurationDTO> taking(Pid pid) {
        return descriptions(pid)
                .flatMap(d -> runtime.getComponentConfigurationDTOs(d).stream())
                .filter(c -> names(c.properties.get("service.pid"), pid.name()))
                .toList();
    }

    private boolean known(Pid pid) {
        return descriptions(pid).findAny().isPresent();
    }

    private Stream<ComponentDescriptionDTO> descriptions(Pid pid) {
        return runtime.getComponentDescriptionDTOs().stream()
                .filter(d -> !d.configurationPolicy.equals("ignore"))
                .filter(d -> Arrays.asList(d.configurationPid).contains(pid.declared()));
    }

    private boolean has(ComponentConfigurationDTO component, Map<String, Object> values) {
        return values.entrySet().stream()
                .allMatch(e ->
                        Objects.deepEquals(component.properties.get(e.getKey()), placeholders.resolve(e.getValue())));
    }

    private static boolean names(Object pids, String pid) {
        return pids instanceof Collection<?> all ? all.contains(pid) : pid.equals(pids);
    }
}
