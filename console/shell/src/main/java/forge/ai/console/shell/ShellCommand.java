package forge.ai.console.shell;

import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.jspecify.annotations.Nullable;

/**
 * A command of the shell: what was typed is checked against its usage before it runs.
 *
 * <p>Gogo calls a {@link Function} by whatever name it is published under, so that names with a hyphen are as good as
 * others.
 */
interface ShellCommand extends Function {

    Usage usage();

    /** Does the work; what it throws is shown in one line. */
    void run(Call call) throws Exception;

    /** What a word that is being typed could become; empty where nothing is known. */
    default List<String> choices(Begun begun) {
        return List.of();
    }

    @Override
    default @Nullable Object execute(CommandSession session, List<Object> arguments) throws Exception {
        Thread thread = Thread.currentThread();
        String name = thread.getName();
        // Gogo names the thread by what was typed, which may hold a key or a prompt, and logs show the name.
        thread.setName("ai:" + usage().name());
        try {
            answer(session, arguments);
        } finally {
            thread.setName(name);
        }
        // Anything else would be printed after the output.
        return null;
    }

    private void answer(CommandSession session, List<Object> arguments) throws Exception {
        Output output = Output.of(session);
        if (arguments.contains("--help")) {
            output.line(usage().line());
            output.line("  " + usage().summary());
        } else {
            run(new Call(usage().read(arguments), output, session.currentDir()));
        }
    }
}
