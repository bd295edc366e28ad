package forge.ai.console.shell;

import forge.ai.api.deploy.Configurations;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:config}: shows and changes configurations; secrets read {@code ***}. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=config"})
public final class ConfigCommand implements ShellCommand {

    private static final Listing<String> PIDS = new Listing<>(Column.of("pid", pid -> pid));
    private static final Listing<Map.Entry<String, Object>> VALUES =
            new Listing<>(Column.of("key", Map.Entry::getKey), Column.of("value", Map.Entry::getValue));

    private final Configurations configurations;

    @Activate
    public ConfigCommand(@Reference Configurations configurations) {
        this.configurations = configurations;
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "config",
                "[--json] [--delete] [PID] [KEY=VALUE...]",
                "lists configurations, shows one, changes it (KEY= takes a value out, a repeated key is a list),"
                        + " or deletes its file");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        if (words.all("PID").isEmpty()) {
            PIDS.show(call, configurations.pids());
            return;
        }
        String pid = words.value("PID");
        if (words.has("--delete")) {
            configurations.remove(pid);
            call.output().line("the file of " + pid + " is deleted");
        } else if (words.all("KEY=VALUE").isEmpty()) {
            VALUES.show(call, List.copyOf(configurations.values(pid).entrySet()));
        } else {
            call.output().line(Deployed.line(configurations.set(pid, words.pairs("KEY=VALUE"))));
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return begun.place().equals("PID") ? configurations.pids() : List.of();
    }
}
