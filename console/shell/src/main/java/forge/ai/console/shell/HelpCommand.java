package forge.ai.console.shell;

import java.util.List;
import org.osgi.framework.BundleContext;
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

    private final Commands commands;

    @Activate
    public HelpCommand(BundleContext context) {
        this.commands = new Commands(context);
    }

    @Override
    public Usage usage() {
        return Usage.of("help", "[--json] [COMMAND]", "lists the commands, or says how one is used");
    }

    @Override
    public void run(Call call) {
        List<Usage> usages = commands.usages();
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

    @Override
    public List<String> choices(Begun begun) {
        return commands.usages().stream().map(Usage::name).toList();
    }
}
