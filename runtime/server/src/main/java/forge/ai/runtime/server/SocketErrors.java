package forge.ai.runtime.server;

/** Words an error for the client of a WebSocket. */
@FunctionalInterface
public interface SocketErrors {

    /** The message that says what went wrong. */
    byte[] message(Problem problem);
}
