package forge.ai.provider.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The bytes of each token of a byte-level vocabulary, in which each byte is written as one printable character. */
final class ByteLevelVocabulary {

    private static final byte[] NONE = {};

    private final Map<Integer, byte[]> bytes;

    private ByteLevelVocabulary(Map<Integer, byte[]> bytes) {
        this.bytes = bytes;
    }

    /** The vocabulary of a {@code tokenizer.json}; empty if its tokens are not at the level of bytes. */
    static Optional<ByteLevelVocabulary> of(JsonNode tokenizer) {
        if (!byteLevel(tokenizer.path("decoder"))) {
            return Optional.empty();
        }
        Map<Character, Byte> alphabet = alphabet();
        Map<Integer, byte[]> bytes = new HashMap<>();
        tokenizer
                .path("model")
                .path("vocab")
                .properties()
                .forEach(e -> bytes.put(e.getValue().intValue(), decode(e.getKey(), alphabet)));
        for (JsonNode added : tokenizer.path("added_tokens")) {
            String content = added.path("content").asText();
            if (added.path("special").booleanValue() && !AnswerForm.MARKS.contains(content)) {
                content = "";
            }
            bytes.put(added.path("id").intValue(), content.getBytes(StandardCharsets.UTF_8));
        }
        return Optional.of(new ByteLevelVocabulary(bytes));
    }

    /** The bytes of a token; none for special tokens and those that are not in the vocabulary. Not to be changed. */
    byte[] bytes(int token) {
        return bytes.getOrDefault(token, NONE);
    }

    private static boolean byteLevel(JsonNode decoder) {
        if (decoder.path("type").asText().equals("ByteLevel")) {
            return true;
        }
        JsonNode parts = decoder.path("decoders");
        return parts.size() == 1 && byteLevel(parts.get(0));
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
