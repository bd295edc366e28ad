package forge.ai.provider.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes that each token of a vocabulary stands for, where that does not depend on its neighbours: in a byte-level
 * vocabulary, in which each byte is written as one printable character, and in one of pieces with a mark for blanks.
 */
final class TokenBytes {

    private static final byte[] NONE = {};

    /** How SentencePiece writes a byte of a character that it has no token for. */
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-F]{2})>");

    private static final String BLANK = "\u2581";

    private final Map<Integer, byte[]> bytes;
    private final boolean byteLevel;

    private TokenBytes(Map<Integer, byte[]> bytes, boolean byteLevel) {
        this.bytes = bytes;
        this.byteLevel = byteLevel;
    }

    /** The vocabulary of a {@code tokenizer.json}; empty if its tokens are of another kind. */
    static Optional<TokenBytes> of(JsonNode tokenizer) {
        JsonNode decoder = tokenizer.path("decoder");
        boolean byteLevel = byteLevel(decoder);
        if (!byteLevel && !pieces(decoder)) {
            return Optional.empty();
        }
        Map<Character, Byte> alphabet = alphabet();
        Function<String, byte[]> decode = byteLevel ? token -> decode(token, alphabet) : TokenBytes::piece;
        Map<Integer, byte[]> bytes = new HashMap<>();
        JsonNode vocabulary = tokenizer.path("model").path("vocab");
        vocabulary.properties().forEach(e -> bytes.put(e.getValue().intValue(), decode.apply(e.getKey())));
        for (int i = 0; vocabulary.isArray() && i < vocabulary.size(); i++) {
            // Unigram: each with how likely it is.
            bytes.put(i, decode.apply(vocabulary.get(i).path(0).asText()));
        }
        for (JsonNode added : tokenizer.path("added_tokens")) {
            String content = added.path("content").asText();
            if (added.path("special").booleanValue() && !AnswerForm.MARKS.contains(content)) {
                content = "";
            }
            bytes.put(added.path("id").intValue(), content.getBytes(StandardCharsets.UTF_8));
        }
        return Optional.of(new TokenBytes(bytes, byteLevel));
    }

    /** Whether the bytes of tokens, one after the other, are the text; if not, its begin may have a blank too many. */
    boolean isByteLevel() {
        return byteLevel;
    }

    /** The bytes of a token; none for special tokens and those that are not in the vocabulary. Not to be changed. */
    byte[] bytes(int token) {
        return bytes.getOrDefault(token, NONE);
    }

    Map<Integer, byte[]> all() {
        return Collections.unmodifiableMap(bytes);
    }

    private static boolean byteLevel(JsonNode decoder) {
        if (decoder.path("type").asText().equals("ByteLevel")) {
            return true;
        }
        JsonNode parts = decoder.path("decoders");
        return parts.size() == 1 && byteLevel(parts.get(0));
    }

    private static boolean pieces(JsonNode decoder) {
        boolean mark = decoder.path("type").asText().equals("Metaspace")
                || decoder.path("pattern").path("String").asText().equals(BLANK);
        for (JsonNode part : decoder.path("decoders")) {
            mark |= pieces(part);
        }
        return mark;
    }

    private static byte[] piece(String token) {
        Matcher one = BYTE.matcher(token);
        return one.matches()
                ? new byte[] {(byte) Integer.parseInt(one.group(1), 16)}
                : token.replace(BLANK, " ").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decode(String token, Map<Character, Byte> alphabet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(token.length());
        for (char c : token.toCharArray()) {
            Byte value = alphabet.get(c);
            if (value == null) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            out.write(value);
        }
        return out.toByteArray();
    }

    /** GPT-2's: printable Latin-1 characters stand for themselves, the other bytes follow from U+0100. */
    private static Map<Character, Byte> alphabet() {
        Map<Character, Byte> alphabet = new HashMap<>();
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean itself = value >= '!' && value <= '~' || value >= 0xA1 && value != 0xAD;
            alphabet.put(itself ? (char) value : next++, (byte) value);
        }
        return alphabet;
    }
}
