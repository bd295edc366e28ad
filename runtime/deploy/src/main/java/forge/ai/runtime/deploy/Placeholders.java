package forge.ai.runtime.deploy;

import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts in what {@code $[env:NAME]} and {@code $[secret:NAME]} stand for; {@code ;default=VALUE} gives a value where
 * there is none. A secret is the content of a file, without the line end after it.
 */
final class Placeholders {

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\[(env|secret):([^\\];]*)(?:;default=([^\\]]*))?\\]");
    private static final Pattern SECRET_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private final Path secrets;
    private final UnaryOperator<@Nullable String> environment;

    /** @param secrets the folder with a file for each secret */
    Placeholders(Path secrets, UnaryOperator<@Nullable String> environment) {
        this.secrets = secrets;
        this.environment = environment;
    }

    static boolean in(Object value) {
        return texts(value).stream().anyMatch(text -> PLACEHOLDER.matcher(text).find());
    }

    /** Whether a value is nothing but a placeholder, so that showing it shows no secret. */
    static boolean whole(Object value) {
        return texts(value).stream()
                .allMatch(text -> text.isEmpty() || PLACEHOLDER.matcher(text).matches());
    }

    /** Whether a value has a secret put in from a file of this name. */
    static boolean names(Object value, String secret) {
        return texts(value).stream()
                .anyMatch(text -> PLACEHOLDER
                        .matcher(text)
                        .results()
                        .anyMatch(found -> found.group(1).equals("secret")
                                && found.group(2).equals(secret)));
    }

    /**
     * The value with everything put in: a string, an array or a list of strings; others as they are.
     *
     * @throws Refused if something is not there
     */
    Object resolve(Object value) {
        if (!in(value)) {
            return value;
        }
        List<String> resolved = texts(value).stream().map(this::resolve).toList();
        return value instanceof String ? resolved.getFirst() : resolved.toArray(String[]::new);
    }

    private String resolve(String text) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found)));
    }

    private String value(java.util.regex.MatchResult found) {
        String name = found.group(2);
        Optional<String> value =
                found.group(1).equals("env") ? Optional.ofNullable(environment.apply(name)) : secret(name);
        return value.or(() -> Optional.ofNullable(found.group(3)))
                .orElseThrow(() -> new Refused(
                        found.group(1).equals("env")
                                ? "the environment has no variable " + name
                                : "there is no file " + secrets.resolve(name) + " with the secret"));
    }

    private Optional<String> secret(String name) {
        if (!SECRET_NAME.matcher(name).matches()) {
            throw new Refused("'" + name + "' is no name of a secret: letters, digits, '_', '-' and '.' are allowed");
        }
        try {
            Path file = secrets.resolve(name);
            return Files.exists(file)
                    ? Optional.of(Files.readString(file).replaceFirst("\\R\\z", ""))
                    : Optional.empty();
        } catch (IOException e) {
            throw new Refused(
                    "the secret " + name + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    private static List<String> texts(Object value) {
        List<String> texts = new ArrayList<>();
        if (value instanceof String text) {
            texts.add(text);
        } else if (value instanceof Collection<?> all && all.stream().allMatch(String.class::isInstance)) {
            all.forEach(each -> texts.add((String) each));
        } else if (value.getClass().isArray() && value.getClass().getComponentType() == String.class) {
            for (int i = 0; i < Array.getLength(value); i++) {
                texts.add((String) Array.get(value, i));
            }
        }
        return texts;
    }
}
