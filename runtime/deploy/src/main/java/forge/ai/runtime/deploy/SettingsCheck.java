package forge.ai.runtime.deploy;

import forge.ai.api.ForgeException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;
import org.osgi.util.converter.Converters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries values on the code with which a component checks them, before the component gets them.
 *
 * <p>A component that refuses a change in its {@code @Modified} method goes on with what it had, and nobody is told: the
 * service component runtime only logs it. So the static methods are called that turn the component's configuration type
 * into its settings: those of the component's class and of the class {@code Settings} beside it which take the
 * configuration type alone, or with the properties as a map.
 */
final class SettingsCheck {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsCheck.class);

    private final BundleContext system;
    private final ServiceComponentRuntime components;

    SettingsCheck(BundleContext system, ServiceComponentRuntime components) {
        this.system = system;
        this.components = components;
    }

    /**
     * Tries values on the newest of each component that takes a PID; nothing is known of one whose bundle does not run.
     *
     * @param values with everything put in
     * @throws Refused with what the component says
     */
    void check(Pid pid, Map<String, Object> values) {
        Map<String, Object> properties = new HashMap<>(values);
        properties.put("service.pid", pid.name());
        pid.factory().ifPresent(factory -> properties.put("service.factoryPid", factory));
        components(pid)
                .forEach(type -> types(type)
                        .forEach(config ->
                                methods(type, config).forEach(method -> attempt(method, config, properties))));
    }

    private Stream<Class<?>> components(Pid pid) {
        return components.getComponentDescriptionDTOs().stream()
                .filter(d -> !d.configurationPolicy.equals("ignore"))
                .filter(d -> List.of(d.configurationPid).contains(pid.declared()))
                .collect(Collectors.toMap(
                        d -> d.name, d -> d, BinaryOperator.maxBy(Comparator.comparingLong(d -> d.bundle.id))))
                .values()
                .stream()
                .flatMap(newest -> load(newest).stream());
    }

    private Optional<Class<?>> load(ComponentDescriptionDTO description) {
        Bundle bundle = system.getBundle(description.bundle.id);
        if (bundle == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(bundle.loadClass(description.implementationClass));
        } catch (ClassNotFoundException | IllegalStateException | LinkageError e) {
            LOG.debug("{} cannot be tried", description.name, e);
            return Optional.empty();
        }
    }

    /** The configuration types that a component takes. */
    private static Set<Class<?>> types(Class<?> component) {
        Set<Class<?>> types = new LinkedHashSet<>();
        Stream.concat(
                        Stream.of(component.getDeclaredConstructors()),
                        Stream.<java.lang.reflect.Executable>of(component.getDeclaredMethods()))
                .flatMap(executable -> Stream.of(executable.getParameterTypes()))
                .filter(Class::isAnnotation)
                .forEach(types::add);
        return types;
    }

    private static List<Method> methods(Class<?> component, Class<?> config) {
        return Stream.concat(Stream.of(component), settings(component).stream())
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> takes(method.getParameterTypes(), config))
                .toList();
    }

    private static boolean takes(Class<?>[] parameters, Class<?> config) {
        return parameters.length > 0
                && parameters[0] == config
                && Arrays.stream(parameters).skip(1).allMatch(type -> type == Map.class);
    }

    private static Optional<Class<?>> settings(Class<?> component) {
        try {
            return Optional.of(component.getClassLoader().loadClass(component.getPackageName() + ".Settings"));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    private static void attempt(Method method, Class<?> config, Map<String, Object> properties) {
        try {
            Object[] arguments = new Object[method.getParameterCount()];
            Arrays.fill(arguments, properties);
            arguments[0] = Converters.standardConverter().convert(properties).to(config);
            method.setAccessible(true);
            method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException || e.getCause() instanceof ForgeException) {
                throw new Refused(Refused.said(e.getCause()), e);
            }
            LOG.debug("{} could not be tried", method, e);
        } catch (IllegalAccessException | RuntimeException e) {
            LOG.debug("{} could not be tried", method, e);
        }
    }
}
