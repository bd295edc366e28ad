package forge.ai.runtime.support.http;

import java.util.List;
import java.util.regex.Pattern;

/** Keys that must not appear in any text. */
public final class Secrets {

    private static final String MASK = "***";
    private static final Pattern KEY_LIKE = Pattern.compile(
            "(?i)\\b(?:sk|pk|gsk|hf|xai|pplx|nvapi|csk|key)[-_][\\w*.-]{6,}|\\bbearer\\s+[\\w*.~+/=-]+");

    private final List<String> values;

    private Secrets(List<String> values) {
        this.values = values;
    }

    /** The keys of an upstream; empty ones are left out. */
    public static Secrets of(String... values) {
        return new Secrets(List.of(values).stream().filter(v -> !v.isBlank()).toList());
    }

    /** The text without these keys, and without what looks like a key of one of the vendors. */
    public String redact(String text) {
        String clean = text;
        for (String value : values) {
            clean = clean.replace(value, MASK);
        }
        return KEY_LIKE.matcher(clean).replaceAll(MASK);
    }

    @Override
    public String toString() {
        return "Secrets[" + values.size() + "]";
    }
}
