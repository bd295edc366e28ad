package forge.ai.console.shell;

import forge.ai.api.llm.CallerStatus;
import forge.ai.api.llm.Callers;
import forge.ai.api.llm.RateLimits;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.TreeSet;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:keys}: the callers that have a key, and what is left to them. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=keys"})
public final class KeysCommand implements ShellCommand {

    private static final Listing<CallerStatus> LISTING = new Listing<>(
            Column.of("key", status -> status.caller().name()),
            Column.of("roles", status -> new TreeSet<>(status.caller().roles())),
            Column.of("routes", status -> status.caller().models()),
            Column.of("active", CallerStatus::active),
            Column.of("requestsLeft", status -> left(status.limits().requests())),
            Column.of("tokensLeft", status -> left(status.limits().tokens())),
            Column.of("spent", status -> status.spent().stripTrailingZeros().toPlainString()),
            Column.of(
                    "budget",
                    status -> status.budget().map(BigDecimal::toPlainString).orElse("")));

    private final Callers callers;

    @Activate
    public KeysCommand(@Reference Callers callers) {
        this.callers = callers;
    }

    private static String left(Optional<RateLimits.Limit> limit) {
        return limit.map(l -> l.remaining() + " of " + l.limit()).orElse("");
    }

    @Override
    public Usage usage() {
        return Usage.of("keys", "[--json]", "lists the callers that have a key, and what is left to them");
    }

    @Override
    public void run(Call call) {
        LISTING.show(call, callers.list());
    }
}
