package forge.ai.runtime.prompts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A text with places for values. It is taken apart once, when it is configured; values are never looked at again, so that
 * nothing in them can be taken for a place.
 */
record Text(List<Piece> pieces) {

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

    /** A piece of it. */
    sealed interface Piece {
        /** What stands there as it is. */
        record Literal(String text) implements Piece {}

        /** Where the value of a variable goes. */
        record Place(String variable) implements Piece {}
    }

    /**
     * Takes a text apart: a name in two pairs of braces is a place, four opening braces stand for two.
     *
     * @throws IllegalArgumentException if a place is malformed
     */
    static Text parse(String text) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, at)) {
            pieces.add(new Piece.Literal(text.substring(at, open)));
            int after = open + OPEN.length();
            if (text.startsWith(OPEN, after)) {
                pieces.add(new Piece.Literal(OPEN));
                at = after + OPEN.length();
                continue;
            }
            int close = text.indexOf(CLOSE, after);
            String name = close < 0 ? "" : text.substring(after, close).strip();
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException("what follows '{{' at character " + (open + 1)
                        + " is no variable: allowed is {{name}} with letters, digits and _; two braces are written"
                        + " {{{{");
            }
            pieces.add(new Piece.Place(name));
            at = close + CLOSE.length();
        }
        pieces.add(new Piece.Literal(text.substring(at)));
        return new Text(List.copyOf(pieces));
    }

    /** The variables that it has places for. */
    Set<String> variables() {
        Set<String> names = new TreeSet<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Place place) {
                names.add(place.variable());
            }
        }
        return names;
    }

    String with(Map<String, String> values) {
        StringBuilder filled = new StringBuilder();
        for (Piece piece : pieces) {
            filled.append(
                    switch (piece) {
                        case Piece.Literal literal -> literal.text();
                        case Piece.Place place -> values.getOrDefault(place.variable(), "");
                    });
        }
        return filled.toString();
    }
}
