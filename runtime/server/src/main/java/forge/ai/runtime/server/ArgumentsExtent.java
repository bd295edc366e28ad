package forge.ai.runtime.server;

/** Follows the pieces of a JSON object, to know when it is whole. */
public final class ArgumentsExtent {

    private int depth;
    private boolean begun;
    private boolean text;
    private boolean escaped;

    public void add(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if (escaped) {
                escaped = false;
            } else if (text) {
                escaped = c == '\\';
                text = c != '"';
            } else if (c == '"') {
                text = true;
            } else if (c == '{' || c == '[') {
                depth++;
                begun = true;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
    }

    /** Whether nothing more can come. */
    public boolean whole() {
        return begun && depth <= 0;
    }
}
