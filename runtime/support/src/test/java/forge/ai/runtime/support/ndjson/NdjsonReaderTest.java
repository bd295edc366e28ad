package forge.ai.runtime.support.ndjson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.runtime.support.stream.PieceTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NdjsonReaderTest {

    private static List<String> lines(byte[] bytes, int piece) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        NdjsonReader reader = new NdjsonReader(in::read, 1 << 20, piece);
        List<String> lines = new ArrayList<>();
        for (Optional<byte[]> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(new String(line.get(), StandardCharsets.UTF_8));
        }
        assertThat(reader.next()).isEmpty();
        return lines;
    }

    @Test
    void linesAreTheSameHoweverTheyAreCut() throws IOException {
        byte[] bytes = "\n{\"a\":\"\u00e9\u20ac\uD83D\uDE00\"}\r\n\r\n  {}\t\n \t\r\n[1,\r2]\n3"
                .getBytes(StandardCharsets.UTF_8);
        for (int piece = 1; piece <= bytes.length + 1; piece++) {
            assertThat(lines(bytes, piece))
                    .containsExactly("{\"a\":\"\u00e9\u20ac\uD83D\uDE00\"}", "{}", "[1,\r2]", "3");
        }
    }

    @Test
    void ofNothingThereAreNoLines() throws IOException {
        assertThat(lines(new byte[0], 8)).isEmpty();
        assertThat(lines("\r\n\n  ".getBytes(StandardCharsets.US_ASCII), 2)).isEmpty();
    }

    @Test
    void aLineOfAnyLengthIsReadUpToTheLimitAndNotBeyond() throws IOException {
        String much = "x".repeat((1 << 20) - 1);
        assertThat(lines((much + "x\n" + much).getBytes(StandardCharsets.US_ASCII), 8192))
                .containsExactly(much + "x", much);

        byte[] tooMuch = (much + "xx").getBytes(StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> lines(tooMuch, 8192))
                .isInstanceOf(PieceTooLargeException.class)
                .hasMessage("a line of more than 1048576 bytes");
    }

    @Test
    void lastingMemoryIsThatOfTheLargestLineNotOfAll() throws IOException {
        byte[] line = ("x".repeat(999) + "\n").getBytes(StandardCharsets.US_ASCII);
        int[] left = {100_000};
        NdjsonReader reader = new NdjsonReader(
                buffer -> {
                    System.arraycopy(line, 0, buffer, 0, line.length);
                    return left[0]-- > 0 ? line.length : -1;
                },
                1000,
                1000);
        int lines = 0;
        while (reader.next().isPresent()) {
            lines++;
        }
        assertThat(lines)
                .as("a hundred megabytes, none of them over the limit of a line")
                .isEqualTo(100_000);
    }
}
