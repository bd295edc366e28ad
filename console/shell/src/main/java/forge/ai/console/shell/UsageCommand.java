package forge.ai.console.shell;

import forge.ai.api.llm.UsageFilter;
import forge.ai.api.llm.UsageLedger;
import forge.ai.api.llm.UsageTotal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ai:usage}: what was used, by provider, model and key. */
@Component(
        service = ShellCommand.class,
        property = {"osgi.command.scope=ai", "osgi.command.function=usage"})
public final class UsageCommand implements ShellCommand {

    private static final Listing<UsageTotal> LISTING = new Listing<>(
            Column.of("provider", UsageTotal::provider),
            Column.of("model", UsageTotal::model),
            Column.of("key", UsageTotal::key),
            Column.of("calls", UsageTotal::calls),
            Column.of("failed", UsageTotal::failed),
            Column.of("cancelled", UsageTotal::cancelled),
            Column.of("inputTokens", total -> total.usage().inputTokens()),
            Column.of("outputTokens", total -> total.usage().outputTokens()),
            Column.of("cost", total -> plain(total.cost())),
            Column.detail("cached", UsageTotal::cached),
            Column.detail("estimated", UsageTotal::estimated),
            Column.detail("cachedInputTokens", total -> total.usage().cachedInputTokens()),
            Column.detail("reasoningTokens", total -> total.usage().reasoningTokens()));

    private final UsageLedger ledger;

    @Activate
    public UsageCommand(@Reference UsageLedger ledger) {
        this.ledger = ledger;
    }

    private static BigDecimal plain(BigDecimal cost) {
        return cost.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(cost.stripTrailingZeros().toPlainString());
    }

    @Override
    public Usage usage() {
        return Usage.of(
                "usage",
                "[--json] [--since TIME] [--until TIME] [--provider PROVIDER] [--model MODEL] [--key KEY]",
                "sums calls, tokens and cost by provider, model and key; TIME is a day as in 2026-03-01, an instant, or"
                        + " so long ago: 90m, 24h, 7d");
    }

    @Override
    public void run(Call call) {
        Words words = call.words();
        UsageFilter filter = UsageFilter.ALL
                .withProvider(words.option("--provider").orElse(""))
                .withModel(words.option("--model").orElse(""))
                .withKey(words.option("--key").orElse(""));
        if (words.has("--since")) {
            filter = filter.withFrom(time("--since", words));
        }
        if (words.has("--until")) {
            filter = filter.withTo(time("--until", words));
        }
        LISTING.show(call, ledger.totals(filter));
    }

    private Instant time(String option, Words words) {
        String text = words.option(option).orElseThrow();
        try {
            if (text.matches("\\d{1,5}[mhd]")) {
                String iso = (text.endsWith("d") ? "P" : "PT") + text.toUpperCase(Locale.ROOT);
                return Instant.now().minus(Duration.parse(iso));
            }
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw usage().wrong(option + " has to be a day, an instant, or a time such as 24h, not '" + text + "'");
        }
    }

    @Override
    public List<String> choices(Begun begun) {
        return switch (begun.place()) {
            case "PROVIDER" -> names(UsageTotal::provider);
            case "MODEL" -> names(UsageTotal::model);
            case "KEY" -> names(UsageTotal::key);
            default -> List.of();
        };
    }

    private List<String> names(Function<UsageTotal, String> name) {
        return ledger.totals(UsageFilter.ALL).stream()
                .map(name)
                .distinct()
                .sorted()
                .toList();
    }
}
