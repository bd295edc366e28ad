package forge.ai.api.llm;

import java.math.BigDecimal;
import org.osgi.annotation.versioning.ProviderType;

/** A call that was let in, and what is reserved for it until it is settled. May be used from several threads. */
@ProviderType
public interface Admission extends AutoCloseable {

    /** What is left to the caller now. */
    RateLimits limits();

    /** Puts what the call has really taken in place of what was reserved; a second call does nothing. */
    void settle(long tokens, BigDecimal cost);

    /** The call is over; if it was not settled, it took nothing. */
    @Override
    void close();
}
