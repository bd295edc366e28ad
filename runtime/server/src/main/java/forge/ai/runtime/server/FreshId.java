package forge.ai.runtime.server;

import java.util.concurrent.ThreadLocalRandom;

/** Ids for what the vendor gave none. */
public final class FreshId {

    private FreshId() {}

    /** @param prefix that the dialect's clients expect, such as {@code chatcmpl-} */
    public static String of(String prefix) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return prefix + "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }
}
