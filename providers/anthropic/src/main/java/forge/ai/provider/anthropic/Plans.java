package forge.ai.provider.anthropic;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds how to send a request so that the upstream takes it: first by what is known of versions and models, then by what it
 * refused. What it refused is remembered, and learned again after a change of configuration.
 */
final class Plans {

    static final List<String> SAMPLING = List.of("temperature", "top_p", "top_k");

    private static final int MAX_REMEMBERED = 256;

    private final Settings settings;
    private final Omissions omissions;
    private final Set<String> withoutSampling = ConcurrentHashMap.newKeySet();
    private volatile boolean otherVersion;

    Plans(Settings settings, Omissions omissions) {
        this.settings = settings;
        this.omissions = omissions;
    }

    /** How to send a request at first. */
    Plan first(Need need) {
        boolean refused = withoutSampling.contains(need.model());
        boolean takes = !refused && ClaudeModel.of(need.model()).takesSampling();
        boolean former = need.former() || (need.sampling() && takes);
        ApiVersion version = settings.version().orElseGet(() -> version(former));
        if (need.sampling() && !takes && !refused) {
            tell("the model does not take it");
        } else if (need.sampling() && !version.takesSampling()) {
            tell("version " + version.header() + " of the interface does not take it");
        }
        return new Plan(
                version, takes && version.takesSampling(), settings.version().isPresent());
    }

    /** The current version where it is sure to be known, but the former one for what only that can do. */
    private ApiVersion version(boolean former) {
        ApiVersion usual = settings.official() && !former ? ApiVersion.V2026_10_21 : ApiVersion.V2023_06_01;
        return otherVersion ? usual.other() : usual;
    }

    private void tell(String why) {
        omissions.tell(String.join(", ", SAMPLING), why);
    }

    /** How to send it again after it was refused, if there is a way. */
    Optional<Plan> after(Plan plan, Need need, ForgeException refusal) {
        if (refusal.code() != ErrorCode.INVALID_REQUEST || refusal.details().status() != 400) {
            return Optional.empty();
        }
        String words = String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT);
        if (need.sampling() && plan.sampling() && SAMPLING.stream().anyMatch(words::contains)) {
            if (withoutSampling.size() < MAX_REMEMBERED) {
                withoutSampling.add(need.model());
            }
            tell("the upstream refused it");
            return Optional.of(new Plan(plan.version(), false, plan.last()));
        }
        if (!plan.last() && words.contains("anthropic-version")) {
            otherVersion = !otherVersion;
            ApiVersion other = plan.version().other();
            return Optional.of(new Plan(other, plan.sampling() && other.takesSampling(), true));
        }
        return Optional.empty();
    }
}
