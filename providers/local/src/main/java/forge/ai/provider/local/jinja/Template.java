package forge.ai.provider.local.jinja;

import java.time.Clock;
import java.util.Map;

/**
 * A template, read and ready to be filled.
 *
 * <p>The language is that of Jinja 3 as Hugging Face transformers sets it up for conversations: {@code trim_blocks} and
 * {@code lstrip_blocks} are on, values cannot be changed but for those of a {@code namespace}, and there are
 * {@code raise_exception}, {@code strftime_now}, {@code break} and {@code continue}. Templates come from strangers:
 * steps, sizes and depths are bounded, and nothing but the given values can be reached.
 */
public final class Template {

    /** The longest text of a template. */
    private static final int LONGEST = 1 << 20;

    private final Node body;

    private Template(Node body) {
        this.body = body;
    }

    /** @throws TemplateException if it is not well formed, or uses what is not there */
    public static Template parse(String source) {
        if (source.length() > LONGEST) {
            throw new TemplateException("the template has " + source.length() + " characters, at most are " + LONGEST);
        }
        return new Template(new StatementParser(new Lexer(source).tokens()).template());
    }

    /**
     * Fills the template.
     *
     * @param values texts, numbers ({@link Long}, {@link Double}), {@link Boolean}, lists and maps of these
     * @param clock what {@code strftime_now} tells
     * @throws TemplateException if the template refuses the values, fails, or exceeds what it may use
     */
    public String render(Map<String, ?> values, Clock clock) {
        Scope scope = Scope.of(values, clock, new Budget());
        try {
            StringBuilder out = new StringBuilder();
            body.render(scope, out);
            return out.toString();
        } catch (ClassCastException | IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new TemplateException("the template does with a value what cannot be done with it");
        }
    }
}
