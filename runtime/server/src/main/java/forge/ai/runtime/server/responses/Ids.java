package forge.ai.runtime.server.responses;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Names for responses and their items that nobody can guess: who knows that of a response may read it. */
final class Ids {

    private static final int BYTES = 24;

    private final SecureRandom random = new SecureRandom();

    /** @param prefix such as {@code resp} */
    String next(String prefix) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return prefix + "_" + HexFormat.of().formatHex(bytes);
    }
}
