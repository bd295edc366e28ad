package forge.ai.console.channel;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Converters;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The commands of gogo.jline that go with those of the runtime, such as {@code grep} and {@code each}. */
@Component(service = {})
public final class GogoCommands {

    // Not those that wait for keys, such as less: forge exec has none to give.
    private static final String[] POSIX = {
        "cat", "echo", "grep", "sort", "sleep", "cd", "pwd", "ls", "head", "tail", "clear", "wc", "date"
    };
    private static final String[] PROCEDURAL = {
        "each", "if", "not", "throw", "try", "until", "while", "break", "continue"
    };
    private static final String[] BUILTIN = {"format", "set", "tac", "type", "jobs", "fg", "bg", "history"};

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Activate
    public GogoCommands(BundleContext context, @Reference CommandProcessor processor) {
        BundleContext system =
                context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getBundleContext();
        registrations.add(context.registerService(Converter.class, new Converters(system), null));
        register(context, new Posix(processor), POSIX);
        register(context, new Procedural(), PROCEDURAL);
        register(context, new Builtin(), BUILTIN);
    }

    private void register(BundleContext context, Object commands, String[] functions) {
        registrations.add(context.registerService(
                Object.class.getName(),
                commands,
                new Hashtable<>(
                        Map.of(CommandProcessor.COMMAND_SCOPE, "gogo", CommandProcessor.COMMAND_FUNCTION, functions))));
    }

    @Deactivate
    void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
