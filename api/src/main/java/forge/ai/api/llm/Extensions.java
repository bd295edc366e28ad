package forge.ai.api.llm;

import java.util.Map;
import java.util.TreeMap;

/**
 * The names under which fields of requests travel that have no common form: those of OpenAI's dialect under their own,
 * those of another dialect after its name and a colon, as in {@code anthropic:service_tier}. So a provider tells the
 * fields that its upstream knows from those that it would refuse.
 */
public final class Extensions {

    private static final String OPENAI = "openai";

    private Extensions() {}

    /**
     * The name under which a field travels.
     *
     * @param dialect as in {@link Content.Extension#dialect}
     */
    public static String name(String dialect, String field) {
        return dialect.equals(OPENAI) ? field : dialect + ":" + field;
    }

    /** The fields of one dialect among them, by their own names, in order. */
    public static Map<String, String> of(String dialect, Map<String, String> extensions) {
        String prefix = name(dialect, "");
        Map<String, String> own = new TreeMap<>();
        extensions.forEach((name, value) -> {
            boolean others = prefix.isEmpty() && name.indexOf(':') >= 0;
            if (name.startsWith(prefix) && !others) {
                own.put(name.substring(prefix.length()), value);
            }
        });
        return own;
    }
}
