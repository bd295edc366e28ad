package forge.ai.runtime.support.anthropic;

/** The words of the interface that both sides use. */
public final class Messages {

    /** What its content and fields are called where they have no common form. */
    public static final String DIALECT = "anthropic";

    /** Begins a stream: the message without content. */
    public static final String MESSAGE_START = "message_start";

    /** Begins a piece of content. */
    public static final String CONTENT_BLOCK_START = "content_block_start";

    /** More of a piece of content. */
    public static final String CONTENT_BLOCK_DELTA = "content_block_delta";

    /** Ends a piece of content. */
    public static final String CONTENT_BLOCK_STOP = "content_block_stop";

    /** Why the message ends and what it took. */
    public static final String MESSAGE_DELTA = "message_delta";

    /** Ends a stream; one without it is not complete. */
    public static final String MESSAGE_STOP = "message_stop";

    /** Says nothing, and keeps the connection awake. */
    public static final String PING = "ping";

    /** Ends a stream that went wrong. */
    public static final String ERROR = "error";

    private Messages() {}
}
