package forge.ai.runtime.server;

import java.io.IOException;

/**
 * Answers the requests of one route, each in a virtual thread of its own: it may block.
 *
 * <p>It reads the request from the exchange and answers through it once, as a whole or as a stream. What it throws is
 * answered by the dialect: a {@link forge.ai.api.ForgeException} with the status of its code, a {@link Refusal} with its
 * own status, anything else as an internal error. An {@link IOException} means that the client is gone.
 */
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange) throws IOException;
}
