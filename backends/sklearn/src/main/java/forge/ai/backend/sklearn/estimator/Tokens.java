package forge.ai.backend.sklearn.estimator;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.backend.sklearn.pickle.PyObject;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Takes texts apart into terms: words or characters, alone and in sequences. */
final class Tokens {

    /** What Python's {@code \w} is for texts: letters, numbers and the underscore. */
    private static final String WORD = "\\p{L}\\p{N}_";

    private static final Pattern SPACES = Pattern.compile("\\s\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    private final boolean lowerCase;
    private final String accents;
    private final String analyzer;
    private final Pattern pattern;
    private final Set<String> stopWords;
    private final int shortest;
    private final int longest;

    Tokens(PyObject model) {
        for (String own : List.of("preprocessor", "tokenizer")) {
            if (model.find(own).isPresent()) {
                throw new UnsupportedException(model.simpleType() + " with a " + own + " of its own is not computed");
            }
        }
        lowerCase = model.flag("lowercase", true);
        accents = model.text("strip_accents", "");
        analyzer = model.text("analyzer", "other");
        if (!Set.of("word", "char", "char_wb").contains(analyzer)) {
            throw new UnsupportedException(model.simpleType() + " with an analyzer of its own is not computed");
        }
        pattern = pattern(model.text("token_pattern", "(?u)\\b\\w\\w+\\b"));
        stopWords = stopWords(model);
        List<?> range = model.find("ngram_range").isPresent() ? model.list("ngram_range") : List.of(1L, 1L);
        shortest = ((Long) range.get(0)).intValue();
        longest = ((Long) range.get(1)).intValue();
        if (shortest < 1 || longest < shortest || longest > 64) {
            throw new InvalidRequestException("sequences of " + shortest + " to " + longest + " terms");
        }
    }

    /**
     * A pattern of Python in Java's words. Patterns with groups are refused: they can take forever, and a model file is
     * not trusted.
     */
    private static Pattern pattern(String python) {
        String plain = python.startsWith("(?u)") ? python.substring(4) : python;
        if (plain.contains("(") || plain.length() > 200) {
            throw new UnsupportedException("token patterns with groups are not computed");
        }
        StringBuilder java = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            if (c == '\\' && i + 1 < plain.length()) {
                char escaped = plain.charAt(++i);
                java.append(
                        switch (escaped) {
                            case 'w' -> inClass ? WORD : "[" + WORD + "]";
                            case 'W' -> "[^" + WORD + "]";
                            case 'd' -> "\\p{Nd}";
                            case 'b' -> "(?:(?<=[%1$s])(?![%1$s])|(?<![%1$s])(?=[%1$s]))".formatted(WORD);
                            default -> "\\" + escaped;
                        });
            } else {
                inClass = c == '[' || inClass && c != ']';
                java.append(c);
            }
        }
        try {
            return Pattern.compile(java.toString());
        } catch (PatternSyntaxException e) {
            throw new UnsupportedException("the token pattern is not understood: " + e.getDescription());
        }
    }

    private static Set<String> stopWords(PyObject model) {
        Object given = model.find("stop_words").orElse(null);
        return switch (given) {
            case null -> Set.of();
            case String name when name.equals("english") -> StopWords.ENGLISH;
            case Set<?> own -> own.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
            case List<?> own -> own.stream().map(String::valueOf).collect(Collectors.toUnmodifiableSet());
            default -> throw new UnsupportedException("stop words of this kind are not computed");
        };
    }

    void each(String text, Consumer<String> term) {
        String plain = plain(text);
        switch (analyzer) {
            case "word" -> words(plain, term);
            case "char" -> characters(SPACES.matcher(plain).replaceAll(" "), term);
            default -> charactersOfWords(SPACES.matcher(plain).replaceAll(" "), term);
        }
    }

    private String plain(String text) {
        String plain = lowerCase ? text.toLowerCase(Locale.ROOT) : text;
        return switch (accents) {
            case "unicode" ->
                Normalizer.normalize(plain, Normalizer.Form.NFKD).replaceAll("\\p{Mn}|\\p{Mc}|\\p{Me}", "");
            case "ascii" -> Normalizer.normalize(plain, Normalizer.Form.NFKD).replaceAll("[^\\x00-\\x7F]", "");
            default -> plain;
        };
    }

    private void words(String text, Consumer<String> term) {
        List<String> words = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            if (!stopWords.contains(matcher.group())) {
                words.add(matcher.group());
            }
        }
        for (int length = shortest; length <= longest; length++) {
            for (int i = 0; i + length <= words.size(); i++) {
                term.accept(length == 1 ? words.get(i) : String.join(" ", words.subList(i, i + length)));
            }
        }
    }

    private void characters(String text, Consumer<String> term) {
        int[] points = text.codePoints().toArray();
        for (int length = shortest; length <= longest; length++) {
            for (int i = 0; i + length <= points.length; i++) {
                term.accept(new String(points, i, length));
            }
        }
    }

    /** Within words only, which have a space at both ends; a word that is too short counts once, whole. */
    private void charactersOfWords(String text, Consumer<String> term) {
        for (String word : text.strip().split("\\s+")) {
            if (word.isEmpty()) {
                continue;
            }
            int[] points = (" " + word + " ").codePoints().toArray();
            for (int length = shortest; length <= longest; length++) {
                term.accept(new String(points, 0, Math.min(length, points.length)));
                for (int i = 1; i + length <= points.length; i++) {
                    term.accept(new String(points, i, length));
                }
                if (length >= points.length) {
                    break;
                }
            }
        }
    }
}
