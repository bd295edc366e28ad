package forge.ai.console.shell;

import forge.ai.api.llm.LlmService;
import forge.ai.api.llm.Route;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:routes}: the configured routes. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=routes"})
public final class RoutesCommand implements ShellCommand {

    private static final Listing<Route> LISTING = new Listing<>(
            Column.of("route", Route::name),
            Column.of("strategy", Route::strategy),
            Column.of("targets", Route::targets));

    private final LlmService llm;

    @Activate
    public RoutesCommand(@Reference LlmService llm) {
        this.llm = llm;
    }

    @Override
    public Usage usage() {
        return Usage.of("routes", "[--json]", "lists the routes and where calls to them go");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, llm.routes());
    }
}
