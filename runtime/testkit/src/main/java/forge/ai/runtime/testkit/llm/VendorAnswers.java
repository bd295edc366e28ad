package forge.ai.runtime.testkit.llm;

/**
 * What a vendor's answers look like, whole ones, streams and errors. A stream is {@link #begin}, pieces, {@link #finish}
 * and {@link #marker}, each of them whole events.
 */
public interface VendorAnswers {

    /** The media type of streams. */
    default String streamType() {
        return "text/event-stream";
    }

    /** A whole answer of this text. */
    String whole(String text);

    /** What a stream says before its first content, or empty. */
    default String begin() {
        return "";
    }

    /** A piece of text in a stream. */
    String piece(String text);

    /** The last event before the mark of the end, such as one with the reason, or empty where there is none. */
    String finish();

    /** The vendor's mark of the end; a stream without it is cut short. */
    String marker();

    /** Whether the mark of the end without anything before it is an answer, one that says nothing. */
    default boolean markerIsAnAnswer() {
        return false;
    }

    /** What keeps a stream open without saying anything. */
    default String silence() {
        return ": still here\n\n";
    }

    /** How an event begins whose rest is still to come. */
    default String unfinished() {
        return "data: ";
    }

    /** The body of an answer with an error status. */
    String error(String message, String code);

    /** An error in the midst of a stream. */
    default String errorEvent(String message, String code) {
        return "data: " + error(message, code) + "\n\n";
    }

    /** A whole stream that says this text. */
    default String stream(String text) {
        return begin() + piece(text) + finish() + marker();
    }
}
