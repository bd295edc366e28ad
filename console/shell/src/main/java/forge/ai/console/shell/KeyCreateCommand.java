package forge.ai.console.shell;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.deploy.Configurations;
import forge.ai.api.llm.CallerStatus;
import forge.ai.api.llm.Callers;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:key-create}: makes a key for a caller; only its hash is kept. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=key-create"})
public final class KeyCreateCommand implements ShellCommand {

    private static final String FACTORY = "forge.ai.key~";

    private final Callers callers;
    private final Configurations configurations;

    @Activate
    public KeyCreateCommand(@Reference Callers callers, @Reference Configurations configurations) {
        this.callers = callers;
        this.configurations = configurations;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "key-create",
                "[--replace] NAME",
                "makes a key for a caller and shows it this once; --replace makes another for one that has a key");
    }

    @Override
    public void run(Call call) {
        String name = call.words().value("NAME");
        String pid = FACTORY + name;
        if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new InvalidRequestException("a name has letters, digits, '.', '_' and '-', 100 at most");
        }
        boolean there = configurations.pids().contains(pid);
        if (there && !call.words().has("--replace")) {
            throw new InvalidRequestException(
                    "'" + name + "' has a key; --replace makes another, and the one before is good no more");
        }
        boolean first = !callers.closed();
        Callers.NewKey key = callers.newKey();
        configurations.set(pid, Map.of("hash", key.hash()));
        call.output().line(key.key());
        call.output().note("it is not shown again; limits and roles: ai:config " + pid);
        if (first) {
            call.output().note("from now on the server wants a key of everybody");
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("NAME")
                ? callers.list().stream()
                        .map(CallerStatus::caller)
                        .map(caller -> caller.name())
                        .toList()
                : List.of();
    }
}
