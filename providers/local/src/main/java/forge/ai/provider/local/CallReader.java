package forge.ai.provider.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads one call of a tool as its text comes: an object with {@code name} and {@code arguments} or {@code parameters},
 * or a name and the object of its arguments. Arguments are passed on piece by piece once the name is known.
 */
final class CallReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ARGUMENTS_MARK = "[ARGS]";

    private final int index;
    private final String id;
    private final Predicate<String> known;
    private final StringBuilder raw = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private String name = "";
    private String key = "";
    private int valueAt = -1;
    private int keyAt = -1;
    private int depth;
    private boolean quoted;
    private boolean escaped;
    private boolean started;
    private boolean given;
    private boolean named;

    /** @param known whether there is a tool of a name; what calls another is no call */
    CallReader(int index, String id, Predicate<String> known) {
        this.index = index;
        this.id = id;
        this.known = known;
    }

    /** Whether there was a call. */
    boolean started() {
        return started;
    }

    /** Takes what belongs to the call off the text; whether the call is complete. */
    boolean read(StringBuilder text, Consumer<CompletionEvent> out) {
        if (raw.isEmpty() && !named && text.charAt(0) != '{' && !name(text)) {
            return false;
        }
        boolean ended = false;
        int taken = 0;
        while (taken < text.length() && !ended) {
            ended = next(text.charAt(taken++));
        }
        text.delete(0, taken);
        give(ended, out);
        if (ended && !started) {
            out.accept(new TextDelta(raw.toString()));
        }
        return ended;
    }

    /** The text ended within the call: what is not recognised as one is said. */
    void finish(CharSequence rest, Consumer<CompletionEvent> out) {
        if (started) {
            give(true, out);
        } else {
            out.accept(new TextDelta(raw.toString() + rest));
        }
    }

    /** A name before its arguments. */
    private boolean name(StringBuilder text) {
        int end = text.indexOf("{");
        if (end < 0) {
            return false;
        }
        name = text.substring(0, end).replace(ARGUMENTS_MARK, "").strip();
        named = true;
        text.delete(0, end);
        return true;
    }

    /** Takes a character; whether the object ends with it. */
    private boolean next(char c) {
        int at = raw.length();
        raw.append(c);
        boolean opens = !quoted && (c == '{' || c == '[');
        if (named) {
            arguments.append(c);
        } else if (depth == 1 && valueAt < 0 && key.isEmpty() && c == '"' && !quoted) {
            keyAt = at;
        } else if (depth == 1 && !key.isEmpty() && valueAt < 0 && !Character.isWhitespace(c) && c != ':') {
            valueAt = at;
        }
        if (escaped) {
            escaped = false;
        } else if (quoted && c == '\\') {
            escaped = true;
        } else if (c == '"') {
            quoted = !quoted;
            endOfKey(at);
        } else if (opens) {
            depth++;
        } else if (!quoted && (c == '}' || c == ']')) {
            depth--;
        }
        boolean ended = depth == 0;
        if (!quoted && depth <= 1 && valueAt >= 0 && !named && (c == ',' && depth == 1 || ended)) {
            value(raw.substring(valueAt, at));
            key = "";
            valueAt = -1;
        } else if (isArguments() && valueAt >= 0 && raw.charAt(valueAt) == '{') {
            arguments.append(c);
        }
        return ended;
    }

    private void endOfKey(int at) {
        if (!quoted && keyAt >= 0 && valueAt < 0 && depth == 1) {
            key = raw.substring(keyAt + 1, at);
            keyAt = -1;
        }
    }

    private boolean isArguments() {
        return !named && (key.equals("arguments") || key.equals("parameters"));
    }

    private void value(String json) {
        if (key.equals("name")) {
            name = text(json);
        } else if (isArguments() && !json.startsWith("{")) {
            // Some write the object as a text, or nothing.
            arguments.append(json.startsWith("\"") ? text(json) : "{}");
        }
    }

    private static String text(String json) {
        try {
            return JSON.readTree(json).asText();
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    private void give(boolean ended, Consumer<CompletionEvent> out) {
        if (!started && !name.isEmpty() && known.test(name)) {
            started = true;
            out.accept(new ToolCallStarted(index, id, name));
        }
        if (started && ended && !given && arguments.isEmpty()) {
            arguments.append("{}");
        }
        if (started && !arguments.isEmpty()) {
            given = true;
            out.accept(new ToolCallDelta(index, arguments.toString()));
            arguments.setLength(0);
        }
    }
}
