package forge.ai.runtime.support.stream;

import java.io.IOException;

/** Where the bytes of a stream come from. */
@FunctionalInterface
public interface ByteSource {

    /** Waits for bytes and returns how many were put into the buffer, or -1 at the end. */
    int read(byte[] buffer) throws IOException;
}
