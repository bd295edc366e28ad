package forge.ai.provider.local.jinja;

import java.util.List;

/** What one filling of a template may use. */
final class Budget {

    private static final int STEPS = 2_000_000;
    private static final int CHARACTERS = 1 << 24;
    private static final int ELEMENTS = 1 << 17;
    private static final int DEPTH = 64;

    private int steps;
    private int depth;
    private long written;

    /** One more step. */
    void step() {
        steps(1);
    }

    void steps(int count) {
        steps += count;
        if (steps > STEPS || steps < 0) {
            throw new TemplateException("the template takes more than " + STEPS + " steps");
        }
    }

    void write(StringBuilder out, String text) {
        written += text.length();
        if (written > CHARACTERS) {
            throw new TemplateException("the template writes more than " + CHARACTERS + " characters");
        }
        out.append(text);
    }

    /** A text that was made; long ones take steps. */
    String made(String text) {
        steps(text.length() / 64);
        return text;
    }

    <T> List<T> made(List<T> list) {
        checkElements(list.size());
        steps(list.size() / 4);
        return list;
    }

    static void checkCharacters(long count) {
        if (count > CHARACTERS) {
            throw new TemplateException("the template makes a text of more than " + CHARACTERS + " characters");
        }
    }

    static void checkElements(long count) {
        if (count > ELEMENTS) {
            throw new TemplateException("the template makes a list of more than " + ELEMENTS + " elements");
        }
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new TemplateException("macros of the template call each other more than " + DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
