package forge.ai.runtime.support.openinference;

import forge.ai.api.ErrorDetails;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.inference.CachePolicy;
import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.inference.Sequence;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What the parameters of a request say of what is kept between requests: the sequence that it belongs to, in the terms
 * of the sequence extension, and what it wants of the result cache, which is ours.
 *
 * @param sequence the id of the sequence; empty or {@code 0} for none
 * @param start whether the sequence begins here
 * @param end whether it ends here
 * @param cache the name of a {@link CachePolicy} in small letters; empty says nothing
 */
public record Keeping(String sequence, boolean start, boolean end, String cache) {

    public static final Keeping NOTHING = new Keeping("", false, false, "");

    public Keeping withSequence(String value) {
        return new Keeping(value, start, end, cache);
    }

    public Keeping withStart(boolean value) {
        return new Keeping(sequence, value, end, cache);
    }

    public Keeping withEnd(boolean value) {
        return new Keeping(sequence, start, value, cache);
    }

    public Keeping withCache(String value) {
        return new Keeping(sequence, start, end, value);
    }

    /** @throws InvalidRequestException if something is wrong; it says where */
    public InferenceRequest addTo(InferenceRequest request) {
        boolean none = sequence.isEmpty() || sequence.equals("0");
        if (none && (start || end)) {
            throw wrong("sequence_id", "the id of the sequence that begins or ends");
        }
        InferenceRequest kept = cache.isEmpty() ? request : request.withCache(policy());
        return none ? kept : kept.withSequence(new Sequence(sequence, start, end));
    }

    private CachePolicy policy() {
        return Arrays.stream(CachePolicy.values())
                .filter(policy -> name(policy).equals(cache))
                .findFirst()
                .orElseThrow(() -> wrong(
                        "cache",
                        Arrays.stream(CachePolicy.values()).map(Keeping::name).collect(Collectors.joining(", "))));
    }

    private static String name(CachePolicy policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }

    private static InvalidRequestException wrong(String name, String what) {
        String at = "parameters." + name;
        return new InvalidRequestException(
                at + " is missing or wrong; expected: " + what, ErrorDetails.NONE.withParameter(at));
    }
}
