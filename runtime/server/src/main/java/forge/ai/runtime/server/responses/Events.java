package forge.ai.runtime.server.responses;

import java.io.IOException;

/** Where the events of a response go. */
@FunctionalInterface
interface Events {

    /** For a response that is wanted as a whole. */
    Events NOWHERE = (type, json, mayWait) -> {};

    /**
     * Sends an event.
     *
     * @param type what stands in the document too
     * @param json the document
     * @param mayWait whether it says nothing yet and can be sent with the next one
     */
    void send(String type, byte[] json, boolean mayWait) throws IOException;
}
