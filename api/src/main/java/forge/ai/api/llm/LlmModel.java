package forge.ai.api.llm;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A model that can be asked for.
 *
 * @param id its name
 * @param owner who offers it, or empty
 * @param created when it came to be, where known
 * @param contextTokens the size of its context window, where known
 * @param capabilities what it is known to do; empty if nothing is known
 */
public record LlmModel(
        String id, String owner, Optional<Instant> created, OptionalInt contextTokens, Set<Capability> capabilities) {

    /** What a model can do. */
    public enum Capability {
        CHAT,
        COMPLETION,
        EMBEDDING,
        TOOLS,
        VISION,
        REASONING
    }

    public LlmModel {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(contextTokens, "contextTokens");
        capabilities = Set.copyOf(capabilities);
    }

    /** A model of which only the name is known. */
    public static LlmModel of(String id) {
        return new LlmModel(id, "", Optional.empty(), OptionalInt.empty(), Set.of());
    }

    public LlmModel withId(String value) {
        return new LlmModel(value, owner, created, contextTokens, capabilities);
    }

    public LlmModel withOwner(String value) {
        return new LlmModel(id, value, created, contextTokens, capabilities);
    }

    public LlmModel withCreated(Instant value) {
        return new LlmModel(id, owner, Optional.of(value), contextTokens, capabilities);
    }

    public LlmModel withContextTokens(int value) {
        return new LlmModel(id, owner, created, OptionalInt.of(value), capabilities);
    }

    public LlmModel withCapabilities(Capability... values) {
        return new LlmModel(id, owner, created, contextTokens, Set.of(values));
    }
}
