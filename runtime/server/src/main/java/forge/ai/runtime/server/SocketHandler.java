package forge.ai.runtime.server;

import forge.ai.api.llm.Caller;
import java.io.IOException;

/** What answers the messages of one WebSocket, one at a time, each on a thread of its own. */
@FunctionalInterface
public interface SocketHandler {

    /** Sends one message; waits until it has left, as long as a client may take to read. */
    @FunctionalInterface
    interface Out {
        /** @throws IOException if the client is gone */
        void send(byte[] json) throws IOException;
    }

    /**
     * Answers a message.
     *
     * @param caller in whose name the socket was opened
     * @throws forge.ai.api.ForgeException what the client is then told
     */
    void message(byte[] message, Caller caller, Out out) throws IOException;
}
