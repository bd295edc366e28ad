package forge.ai.runtime.support.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.runtime.support.stream.PieceTooLargeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseReaderTest {

    private static final String STREAM = "\uFEFF: hello\n"
            + "event: one\r\ndata: a\r\ndata:  b\r\nid: 7\r\n\r\n"
            + "retry: 1500\rdata:c\r\r"
            + "unknown: x\ndata\n\n"
            + "event: nothing\n\n"
            + "data: gr\u00fc\u00df \uD83D\uDE00\n\n";

    private static final List<SseEvent> EVENTS = List.of(
            event("one", "a\n b", "7"),
            event("message", "c", "7"),
            event("message", "", "7"),
            event("message", "gr\u00fc\u00df \uD83D\uDE00", "7"));

    private static SseEvent event(String type, String data, String id) {
        return new SseEvent(type, data.getBytes(StandardCharsets.UTF_8), id);
    }

    private static List<SseEvent> read(InputStream in, int limit) throws IOException {
        SseReader reader = new SseReader(in::read, limit, 64);
        List<SseEvent> events = new ArrayList<>();
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
        }
        return events;
    }

    private static InputStream in(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @Test
    void readsLinesOfEveryKind() throws IOException {
        assertThat(read(in(STREAM.getBytes(StandardCharsets.UTF_8)), 1000)).isEqualTo(EVENTS);
    }

    @Test
    void givesTheSameEventsCutAtAnyByte() throws IOException {
        byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= bytes.length; cut++) {
            InputStream halves = new SequenceInputStream(
                    in(Arrays.copyOf(bytes, cut)), in(Arrays.copyOfRange(bytes, cut, bytes.length)));
            assertThat(read(halves, 1000)).as("cut at %d", cut).isEqualTo(EVENTS);
        }
    }

    @Test
    void givesTheSameEventsByteByByte() throws IOException {
        InputStream all = in(STREAM.getBytes(StandardCharsets.UTF_8));
        SseReader reader = new SseReader(buffer -> all.read(buffer, 0, 1), 1000, 64);
        for (SseEvent event : EVENTS) {
            assertThat(reader.next()).contains(event);
        }
        assertThat(reader.next()).isEmpty();
        assertThat(reader.retry()).contains(Duration.ofMillis(1500));
    }

    @Test
    void dropsTheLineThatIsCutAtTheEnd() throws IOException {
        assertThat(read(in("data: a\n\ndata: b\ndata: half".getBytes(StandardCharsets.UTF_8)), 1000))
                .containsExactly(event("message", "a", ""), event("message", "b", ""));
    }

    @Test
    void refusesALineWithoutEnd() {
        byte[] endless = "data: ".concat("x".repeat(2000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(in(endless), 1000)).isInstanceOf(PieceTooLargeException.class);
    }

    @Test
    void refusesAnEventWithoutEnd() {
        byte[] endless = "data: xxxxxxxxxx\n".repeat(200).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> read(in(endless), 1000)).isInstanceOf(PieceTooLargeException.class);
    }
}
