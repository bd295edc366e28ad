package forge.ai.api.llm;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which entries of the ledger are meant.
 *
 * @param from the earliest, inclusive
 * @param to the latest, exclusive
 * @param provider of this provider alone; empty for all
 * @param model of this model alone, in the provider's words; empty for all
 * @param key of the caller with this key alone; empty for all
 */
public record UsageFilter(Optional<Instant> from, Optional<Instant> to, String provider, String model, String key) {

    /** Everything. */
    public static final UsageFilter ALL = new UsageFilter(Optional.empty(), Optional.empty(), "", "", "");

    public UsageFilter {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(key, "key");
    }

    public UsageFilter withFrom(Instant value) {
        return new UsageFilter(Optional.of(value), to, provider, model, key);
    }

    public UsageFilter withTo(Instant value) {
        return new UsageFilter(from, Optional.of(value), provider, model, key);
    }

    public UsageFilter withProvider(String value) {
        return new UsageFilter(from, to, value, model, key);
    }

    public UsageFilter withModel(String value) {
        return new UsageFilter(from, to, provider, value, key);
    }

    public UsageFilter withKey(String value) {
        return new UsageFilter(from, to, provider, model, value);
    }

    /** Whether entries with these names are meant, whenever they were made. */
    public boolean names(String ofProvider, String ofModel, String ofKey) {
        return (provider.isEmpty() || provider.equals(ofProvider))
                && (model.isEmpty() || model.equals(ofModel))
                && (key.isEmpty() || key.equals(ofKey));
    }

    /** Whether entries of this time are meant. */
    public boolean spans(Instant at) {
        return from.map(f -> !at.isBefore(f)).orElse(true)
                && to.map(at::isBefore).orElse(true);
    }
}
