package forge.ai.api.llm;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * How far a pull of a {@link ModelLibrary} is. A model may come in several parts, one after the other or at once.
 *
 * @param status what is being done, in the vendor's words
 * @param part which part of the model this is about, such as its digest, or empty
 * @param completedBytes how much of the part is there, 0 or more
 * @param totalBytes the size of the part, where known
 */
public record PullProgress(String status, String part, long completedBytes, OptionalLong totalBytes) {
    public PullProgress {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(part, "part");
        Objects.requireNonNull(totalBytes, "totalBytes");
    }
}
