package forge.ai.api.llm;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ProviderType;

/** The callers that keys are configured for, and what each may still use. */
@ProviderType
public interface Callers {

    /**
     * A key that was just made.
     *
     * @param key what the caller presents; it is kept nowhere
     * @param hash what its configuration holds
     */
    record NewKey(String key, String hash) {
        public NewKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(hash, "hash");
        }

        /** The key is not shown. */
        @Override
        public String toString() {
            return "NewKey[" + hash + "]";
        }
    }

    /** Whether a key is configured. While there is none, everybody is {@link Caller#ANONYMOUS}. */
    boolean closed();

    /**
     * Who presents a key.
     *
     * @throws forge.ai.api.AuthenticationException if it is nobody's
     */
    Caller authenticate(String key);

    /**
     * Lets a call in and reserves what it is likely to take.
     *
     * @param input about how many tokens go in
     * @param output about how many tokens may come out
     * @param cost about how much of it has to be paid, in the currency of the prices
     * @throws forge.ai.api.RateLimitedException if that is more than the caller may use now
     * @throws forge.ai.api.QuotaException if the caller's budget is used up
     * @throws forge.ai.api.AuthenticationException if the caller's key has been taken away
     */
    Admission admit(Caller caller, long input, long output, BigDecimal cost);

    /** What is left of a caller's limits now. */
    RateLimits limits(Caller caller);

    /** A new random key; nothing is configured by this. */
    NewKey newKey();

    /** All callers that keys are configured for, by name. */
    List<CallerStatus> list();
}
