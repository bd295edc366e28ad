package forge.ai.provider.anthropic;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds how to send a request so that the upstream takes it: first by what is known of versions and models, then by what it
 * refused. What it refused is remembered, and learned again after a change of configuration.
 */
final class Plans {

    private static final int MAX_REMEMBERED = 256;

    /** Words of a refusal that holds for each request to a model, not for the value in this one. */
    private static final List<String> NEVER = List.of("deprecated", "not permitted", "not support", "both", "only one");

    private final Settings settings;
    private final Omissions omissions;
    private final Map<String, Sampling> learned = new ConcurrentHashMap<>();
    private volatile boolean otherVersion;

    Plans(Settings settings, Omissions omissions) {
        this.settings = settings;
        this.omissions = omissions;
    }

    /** How to send a request at first. */
    Plan first(Need need) {
        Sampling known = ClaudeModel.of(need.model()).sampling();
        Sampling taken = learned.getOrDefault(need.model(), known);
        boolean former = need.former() || (need.sampling() && taken != Sampling.NONE);
        ApiVersion version = settings.version().orElseGet(() -> version(former));
        if (need.sampling() && known == Sampling.NONE) {
            tell("the model does not take it");
        } else if (need.sampling() && !version.takesSampling()) {
            tell("version " + version.header() + " of the interface does not take it");
        }
        return new Plan(
                version,
                version.takesSampling() ? taken : Sampling.NONE,
                settings.version().isPresent());
    }

    /** The current version where it is sure to be known, but the former one for what only that can do. */
    private ApiVersion version(boolean former) {
        ApiVersion usual = settings.official() && !former ? ApiVersion.V2026_10_21 : ApiVersion.V2023_06_01;
        return otherVersion ? usual.other() : usual;
    }

    private void tell(String why) {
        omissions.tell(String.join(", ", Sampling.FIELDS), why);
    }

    /** How to send it again after it was refused, if there is a way. */
    Optional<Plan> after(Plan plan, Need need, ForgeException refusal) {
        if (refusal.code() != ErrorCode.INVALID_REQUEST || refusal.details().status() != 400) {
            return Optional.empty();
        }
        String words = String.valueOf(refusal.getMessage()).toLowerCase(Locale.ROOT);
        boolean sampling = need.sampling() && plan.sampling() != Sampling.NONE;
        if (sampling && Sampling.FIELDS.stream().anyMatch(words::contains)) {
            return Optional.of(new Plan(plan.version(), less(plan.sampling(), need.model(), words), plan.last()));
        }
        if (!plan.last() && words.contains("anthropic-version")) {
            otherVersion = !otherVersion;
            ApiVersion other = plan.version().other();
            return Optional.of(new Plan(other, other.takesSampling() ? plan.sampling() : Sampling.NONE, true));
        }
        return Optional.empty();
    }

    private Sampling less(Sampling refused, String model, String words) {
        boolean one = refused == Sampling.ALL && words.contains(Sampling.TEMPERATURE) && words.contains(Sampling.TOP_P);
        Sampling less = one ? Sampling.ONE : Sampling.NONE;
        if (NEVER.stream().anyMatch(words::contains) && learned.size() < MAX_REMEMBERED) {
            learned.put(model, less);
        }
        if (less == Sampling.NONE) {
            tell("the upstream refused it");
        }
        return less;
    }
}
