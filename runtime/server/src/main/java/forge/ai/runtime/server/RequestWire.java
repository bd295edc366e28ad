package forge.ai.runtime.server;

import forge.ai.api.llm.Wire;
import java.nio.charset.StandardCharsets;

/** A request as it came. */
public final class RequestWire {

    private RequestWire() {}

    /**
     * JSON in UTF-8 as it stands; other encodings of Unicode, which JSON readers know by its first bytes, become that.
     *
     * @param dialect as {@link Wire#dialect}
     * @param bytes the whole body
     */
    public static Wire of(String dialect, byte[] bytes, Fields body) {
        boolean utf8 = bytes.length > 1 && bytes[0] > 0 && bytes[1] > 0;
        return new Wire(
                dialect,
                utf8 ? new String(bytes, StandardCharsets.UTF_8) : body.node().toString());
    }
}
