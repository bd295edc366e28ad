package forge.ai.console.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * {@code ai:_complete COMMAND WORD...}: what the last word could become; asked by the shell when somebody presses the
 * tabulator.
 */
@Component(
        service = Function.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=_complete"})
public final class CompleteCommand implements Function {

    private final Commands commands;

    @Activate
    public CompleteCommand(BundleContext context) {
        this.commands = new Commands(context);
    }

    @Override
    public Object execute(CommandSession session, List<Object> arguments) {
        List<String> words = arguments.stream().map(Object::toString).toList();
        if (words.size() < 2) {
            return List.of();
        }
        return commands.with(words.getFirst(), command -> choices(command, words, session))
                .orElse(List.of());
    }

    private static List<String> choices(ShellCommand command, List<String> words, CommandSession session) {
        String last = words.getLast();
        List<String> before = words.subList(1, words.size() - 1);
        if (last.startsWith("-")) {
            return command.usage().optionsBeside(before);
        }
        return command.usage()
                .place(before)
                .map(place -> command.choices(new Begun(place, last, session.currentDir())))
                .orElse(List.of());
    }
}
