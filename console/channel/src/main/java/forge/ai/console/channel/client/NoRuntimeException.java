package forge.ai.console.channel.client;

import java.io.IOException;
import java.nio.file.Path;

/** Nobody listens on the socket of a home folder. */
public final class NoRuntimeException extends IOException {

    private static final long serialVersionUID = 1L;

    public NoRuntimeException(Path home) {
        super("no runtime is running in " + home.toAbsolutePath().normalize());
    }
}
