package forge.ai.console.shell;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The commands of this scope that are there now. Looked up when asked for: a reference would be to the asker too. */
final class Commands {

    private final BundleContext context;

    Commands(BundleContext context) {
        this.context = context;
    }

    /** How they are used, by name. */
    List<Usage> usages() {
        return references("(objectClass=*)").stream()
                .flatMap(reference -> use(reference, ShellCommand::usage).stream())
                .sorted(Comparator.comparing(Usage::name))
                .toList();
    }

    /** What is asked of one; empty if there is none of that name. */
    <T> Optional<T> with(String name, Function<ShellCommand, T> question) {
        String filter = "(osgi.command.function=" + name.replaceAll("[^A-Za-z0-9-]", "") + ")";
        return references(filter).stream().findFirst().flatMap(reference -> use(reference, question));
    }

    private Collection<ServiceReference<ShellCommand>> references(String filter) {
        try {
            return context.getServiceReferences(ShellCommand.class, filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private <T> Optional<T> use(ServiceReference<ShellCommand> reference, Function<ShellCommand, T> question) {
        ShellCommand command = context.getService(reference);
        if (command == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(question.apply(command));
        } finally {
            context.ungetService(reference);
        }
    }
}
