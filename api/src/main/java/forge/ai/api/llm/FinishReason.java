package forge.ai.api.llm;

/** Why an answer ended. */
public enum FinishReason {
    /** The model had said all. */
    STOP,
    /** One of the request's stop texts came up. */
    STOP_SEQUENCE,
    /** The most tokens allowed were generated, or the context window was full. */
    LENGTH,
    /** The model waits for the results of tools. */
    TOOL_CALLS,
    /** A content filter cut the answer. */
    CONTENT_FILTER,
    /** The model declined to answer. */
    REFUSAL,
    /** The vendor paused a long turn; send it back to go on. */
    PAUSE,
    /** Something else; the vendor's word is in the extensions as {@code finish_reason}. */
    OTHER
}
