package forge.ai.api.llm;

import java.util.Objects;

/**
 * A part of a request that has no form here and stands on the wire alone. Only a provider that sends the request on as
 * it came ({@link LlmProvider#passesThrough}) can hold it; elsewhere the request is
 * {@link forge.ai.api.UnsupportedException}.
 *
 * @param parameter where it stands in the request, such as {@code tools[0].type}
 * @param reason what is not held and what to do instead, for the caller of the error
 */
public record WireOnly(String parameter, String reason) {
    public WireOnly {
        Objects.requireNonNull(parameter, "parameter");
        Objects.requireNonNull(reason, "reason");
    }
}
