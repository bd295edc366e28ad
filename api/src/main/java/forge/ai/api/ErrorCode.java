package forge.ai.api;

/** The stable code of an error; it appears unchanged in HTTP answers, metrics, the ledger and configuration. */
public enum ErrorCode {
    /** The caller, or the runtime towards an upstream, could not prove who it is. */
    AUTHENTICATION(false),

    /** The caller is known but may not do this. */
    PERMISSION(false),

    /** The named model, provider, route, version or resource does not exist. */
    NOT_FOUND(false),

    /** The request is malformed or contradicts what the model expects; the message says what is allowed. */
    INVALID_REQUEST(false),

    /** The input does not fit the context window of the model. */
    CONTEXT_LENGTH(false),

    /** Too many requests or tokens for now; {@link ForgeException#retryAfter()} says when to come back, where it is known. */
    RATE_LIMITED(true),

    /** A budget is used up; waiting does not help. */
    QUOTA(false),

    /** The input or the answer was refused by a content filter. */
    CONTENT_FILTERED(false),

    /** A limit of time ran out before the answer was there. */
    TIMEOUT(true),

    /** The upstream, provider or backend cannot be reached or cannot serve now. */
    UNAVAILABLE(true),

    /** A queue, a memory budget or a limit of parallel work is full. */
    RESOURCE_EXHAUSTED(true),

    /** The upstream broke its own format: a truncated stream, an unreadable answer. */
    PROTOCOL(true),

    /** The caller gave up before the answer was complete. */
    CANCELLED(false),

    /** The provider, model or backend has no such feature. */
    UNSUPPORTED(false),

    /** A plug-in or the runtime failed in a way that nobody foresaw. */
    INTERNAL(false);

    private final boolean retriable;

    ErrorCode(boolean retriable) {
        this.retriable = retriable;
    }

    /** Whether the same call may succeed when it is made again, later or elsewhere. */
    public boolean retriable() {
        return retriable;
    }
}
