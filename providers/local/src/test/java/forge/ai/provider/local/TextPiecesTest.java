package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Text that comes in pieces is the same however it is cut. */
class TextPiecesTest {

    @Test
    void stopTextsAreFoundHoweverTheTextIsCut() {
        Random random = new Random(1);
        for (int round = 0; round < 5000; round++) {
            String text = word(random, 12);
            List<String> stops = List.of(word(random, 3), word(random, 3));
            StopSequences whole = new StopSequences(stops);
            String expected = naive(text, stops);
            assertThat(whole.add(text) + whole.finish()).isEqualTo(expected);

            StopSequences pieces = new StopSequences(stops);
            StringBuilder given = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int to = Math.min(text.length(), at + 1 + random.nextInt(4));
                given.append(pieces.add(text.substring(at, to)));
                assertThat(expected).startsWith(given);
                at = to;
            }
            assertThat(given + pieces.finish()).isEqualTo(expected);
            assertThat(pieces.found()).isEqualTo(whole.found());
        }
    }

    @Test
    void charactersAreWholeHoweverTheirBytesAreCut() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = "aé日\uD83D\uDE00z".repeat(2).getBytes(StandardCharsets.UTF_8);
            if (round % 2 == 1) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Utf8Assembler assembler = new Utf8Assembler();
            StringBuilder text = new StringBuilder();
            for (int at = 0; at < bytes.length; ) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(3));
                String piece = assembler.add(Arrays.copyOfRange(bytes, at, to));
                assertThat(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)))
                        .isTrue();
                text.append(piece);
                at = to;
            }
            assertThat(text + assembler.finish()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static String word(Random random, int most) {
        int length = 1 + random.nextInt(most);
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }

    private static String naive(String text, List<String> stops) {
        for (int end = 1; end <= text.length(); end++) {
            int longest = 0;
            for (String stop : stops) {
                if (text.substring(0, end).endsWith(stop)) {
                    longest = Math.max(longest, stop.length());
                }
            }
            if (longest > 0) {
                return text.substring(0, end - longest);
            }
        }
        return text;
    }
}
