package forge.ai.console.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code ai:help}: the commands of this scope, one line each. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=help"})
public final class HelpCommand implements ShellCommand {

    private static final Listing<Usage> LISTING = new Listing<>(
            Column.of("command", usage -> "ai:" + usage.name()),
            Column.of("does", Usage::summary),
            Column.detail("usage", usage -> "ai:" + usage.name() + usage.pattern()));

    private final BundleContext context;

    @Activate
    public HelpCommand(BundleContext context) {
        this.context = context;
    }

    @Override
    public Usage usage() {
        return Usage.of("help", "[--json] [COMMAND]", "lists the commands, or says how one is used");
    }

    @Override
    public void run(Call call) throws InvalidSyntaxException {
        List<Usage> usages = usages();
        if (call.words().all("COMMAND").isEmpty()) {
            LISTING.show(call, usages);
            return;
        }
        String name = call.words().value("COMMAND").replaceFirst("^ai:", "");
        Usage usage = usages.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> usage().wrong("there is no command ai:" + name));
        call.output().line(usage.line());
        call.output().line("  " + usage.summary());
    }

    private List<Usage> usages() throws InvalidSyntaxException {
        List<Usage> usages = new ArrayList<>();
        for (ServiceReference<ShellCommand> reference : context.getServiceReferences(ShellCommand.class, null)) {
            ShellCommand command = context.getService(reference);
            if (command != null) {
                usages.add(command.usage());
                context.ungetService(reference);
            }
        }
        usages.sort(Comparator.comparing(Usage::name));
        return usages;
    }
}
