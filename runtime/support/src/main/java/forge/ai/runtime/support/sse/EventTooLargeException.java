package forge.ai.runtime.support.sse;

import java.io.IOException;

/** A line or an event has no end within the limit. */
public final class EventTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    EventTooLargeException(int limit) {
        super("an event of more than " + limit + " bytes");
    }
}
