package forge.ai.runtime.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.InvalidRequestException;
import forge.ai.api.NotFoundException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.conversation.Turn;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.Configs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TurnStoreTest {

    @TempDir
    private Path folder;

    private final List<TurnStore> opened = new ArrayList<>();
    private Clock clock = Clock.systemUTC();
    private Settings settings = settings(Map.of());

    private static Settings settings(Map<String, ?> values) {
        return Settings.of(Configs.of(StoredConversations.Config.class, values));
    }

    private TurnStore open() {
        TurnStore store = new TurnStore(folder, () -> settings, clock);
        opened.add(store);
        return store;
    }

    @AfterEach
    void close() {
        opened.forEach(TurnStore::close);
    }

    private static Turn turn(String id, String previous) {
        return Turn.of(id, previous, List.of(Message.user("ask " + id), Message.assistant("answer " + id)));
    }

    private static List<String> texts(List<Message> messages) {
        return messages.stream().map(Message::text).toList();
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        }
    }

    /** Keeps turns until it is killed, and says of each when it is kept. */
    static final class Keeper {
        public static void main(String[] arguments) {
            TurnStore store = new TurnStore(Path.of(arguments[0]), () -> settings(Map.of()), Clock.systemUTC());
            String previous = "";
            for (int i = 0; ; i++) {
                store.append(turn("t" + i, previous));
                previous = "t" + i;
                System.out.println(previous);
            }
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterTheProcessWasKilled() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Keeper.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String last = "";
        try (BufferedReader lines = process.inputReader()) {
            for (int i = 0; i < 500; i++) {
                last = lines.readLine();
            }
            process.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line.matches("t\\d+") ? line : last;
            }
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        int count = Integer.parseInt(last.substring(1)) + 1;
        assertThat(count).isGreaterThanOrEqualTo(500);
        assertThat(texts(open().history(last)))
                .isEqualTo(IntStream.range(0, count)
                        .boxed()
                        .flatMap(i -> Stream.of("ask t" + i, "answer t" + i))
                        .toList());
    }

    @Test
    void aTurnThatWasCutAtAnyByteIsLeftOutAndThoseBeforeItStay() throws Exception {
        TurnStore store = open();
        store.append(turn("a", ""));
        long before = bytes();
        store.append(turn("b", "a"));
        store.close();
        byte[] whole;
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            file = files.findFirst().orElseThrow();
            whole = Files.readAllBytes(file);
        }
        for (int length = (int) before; length < whole.length; length++) {
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(length);
            }
            TurnStore again = open();
            assertThat(again.turn("a")).isPresent();
            assertThat(again.turn("b")).isEmpty();
            Files.write(file, whole);
        }
        assertThat(open().turn("b")).isPresent();
    }

    @Test
    void aTurnWhoseBytesHaveChangedIsLeftOutAlone() throws Exception {
        TurnStore store = open();
        store.append(turn("a", ""));
        long first = bytes();
        store.append(turn("b", "a"));
        store.append(turn("c", "b"));
        try (Stream<Path> files = Files.list(folder);
                RandomAccessFile file =
                        new RandomAccessFile(files.findFirst().orElseThrow().toFile(), "rw")) {
            file.seek(first + 20);
            file.write('#');
        }
        TurnStore again = open();
        assertThat(again.turn("a")).isPresent();
        assertThat(again.turn("b")).isEmpty();
        assertThat(texts(again.history("c"))).containsExactly("ask c", "answer c");
    }

    @Test
    void allThatCanBeSaidComesBackAsItWas() {
        List<Content> said = List.of(
                new Content.Text("with \"quotes\", \u0000 and \uD83D\uDE00"),
                new Content.ImageLink(URI.create("https://example.org/a?b=c"), "low"),
                new Content.Image("image/png", "AAAA", ""),
                new Content.ToolCall("1", "f", "{\"a\":1}"),
                new Content.ToolResult("1", List.of(new Content.Text("x"), new Content.Image("a", "b", "c")), true),
                new Content.Thinking("hm", "c2ln", ""),
                new Content.Thinking("", "", "hidden"),
                new Content.Refusal("no"),
                new Content.CachePoint("1h"),
                new Content.Extension("openai", "{\"audio\":{}}"));
        Turn turn = new Turn(
                "t",
                "",
                "",
                List.of(new Message(Message.Role.USER, said)),
                Map.of("k", "v"),
                Instant.ofEpochMilli(5_000_000_000_000L));
        open().append(turn);
        assertThat(open().turn("t")).contains(turn);
    }

    @Test
    void historiesBranch() {
        TurnStore store = open();
        store.append(turn("a", ""));
        store.append(turn("b", "a"));
        store.append(turn("c", "a"));
        assertThat(texts(store.history("b"))).containsExactly("ask a", "answer a", "ask b", "answer b");
        assertThat(texts(store.history("c"))).containsExactly("ask a", "answer a", "ask c", "answer c");
    }

    @Test
    void aNamedConversationGoesOnInOneLine() {
        TurnStore store = open();
        store.append(turn("a", "").withConversation("talk"));
        store.append(turn("b", "a").withConversation("talk"));
        assertThatThrownBy(() -> store.append(turn("c", "a").withConversation("talk")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("'b'");
        assertThat(store.latest("talk").orElseThrow().id()).isEqualTo("b");
        assertThat(store.conversations()).containsExactly("talk");
        store.delete("b");
        assertThat(store.latest("talk").orElseThrow().id()).isEqualTo("a");
        assertThat(store.deleteConversation("talk")).isTrue();
        assertThat(store.deleteConversation("talk")).isFalse();
        assertThat(store.conversations()).isEmpty();
        assertThat(open().conversations()).isEmpty();
    }

    @Test
    void oneOfManyThatGoOnAtTheSameTimeIsKept() throws Exception {
        TurnStore store = open();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Turn turn = turn("t" + i, "").withConversation("talk");
                results.add(executor.submit(() -> {
                    try {
                        store.append(turn);
                        return true;
                    } catch (InvalidRequestException e) {
                        return false;
                    }
                }));
            }
            int kept = 0;
            for (Future<Boolean> result : results) {
                kept += result.get() ? 1 : 0;
            }
            assertThat(kept).isEqualTo(1);
        }
    }

    @Test
    void whatIsMalformedIsRefused() {
        TurnStore store = open();
        store.append(turn("a", ""));
        assertThatThrownBy(() -> store.append(turn("a", ""))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> store.append(turn("../x", ""))).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> store.append(turn("b", "z"))).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> store.history("z")).isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> store.append(turn("b", "").withConversation("a b")))
                .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void whatWasDeletedIsNotOnDiskAnyMoreAndHistoriesBeginAfterIt() throws Exception {
        TurnStore store = open();
        store.append(turn("a", ""));
        store.append(Turn.of("b", "a", List.of(Message.user("a secret"))));
        store.append(turn("c", "b"));
        assertThat(store.delete("b")).isTrue();
        assertThat(store.delete("b")).isFalse();
        assertThat(texts(store.history("c"))).containsExactly("ask c", "answer c");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .contains("ask a")
                        .doesNotContain("secret");
            }
        }
        assertThat(open().turn("b")).isEmpty();
        assertThat(open().turn("c")).isPresent();
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        settings = settings(Map.of("maxTurns", 3));
        TurnStore store = open();
        for (int i = 0; i < 10; i++) {
            store.append(turn("t" + i, i == 0 ? "" : "t" + (i - 1)));
        }
        assertThat(store.turn("t6")).isEmpty();
        assertThat(texts(store.history("t9")))
                .containsExactly("ask t7", "answer t7", "ask t8", "answer t8", "ask t9", "answer t9");
    }

    @Test
    void theOldestGoWhenTheyTakeTooMuch() throws Exception {
        settings = settings(Map.of("maxBytes", 65_536L));
        TurnStore store = open();
        for (int i = 0; i < 400; i++) {
            store.append(Turn.of("t" + i, "", List.of(Message.user("x".repeat(1_000)))));
        }
        // One file more than the limit, at most: that which is being written.
        assertThat(bytes()).isLessThan(65_536 + 65_536 / 16 + 2_000);
        assertThat(store.turn("t399")).isPresent();
        // Forty-five turns of a little over a kilobyte fit in any case, whatever their times take.
        assertThat(store.turn("t355")).isPresent();
        assertThat(store.turn("t0")).isEmpty();
        assertThat(open().turn("t355")).isPresent();
    }

    @Test
    void theOldGo() {
        settings = settings(Map.of("maxAgeHours", 1));
        TurnStore store = open();
        store.append(turn("a", ""));
        clock = Clock.fixed(Instant.now().plus(Duration.ofMinutes(59)), ZoneOffset.UTC);
        assertThat(open().turn("a")).isPresent();
        clock = Clock.fixed(Instant.now().plus(Duration.ofMinutes(61)), ZoneOffset.UTC);
        assertThat(open().turn("a")).isEmpty();
        clock = Clock.systemUTC();
        assertThat(open().turn("a")).isEmpty();
    }

    @Test
    void ofALongHistoryTheEndIsLookedAt() {
        settings = settings(Map.of("maxHistoryBytes", 4_096));
        TurnStore store = open();
        for (int i = 0; i < 10; i++) {
            store.append(Turn.of("t" + i, i == 0 ? "" : "t" + (i - 1), List.of(Message.user("y".repeat(1_000)))));
        }
        assertThat(store.history("t9")).hasSize(3);
    }

    @Test
    void aTurnThatIsTooLargeIsRefused() {
        settings = settings(Map.of("maxTurnBytes", 1_024));
        TurnStore store = open();
        assertThatThrownBy(() -> store.append(Turn.of("a", "", List.of(Message.user("z".repeat(1_024))))))
                .isInstanceOf(ResourceExhaustedException.class)
                .hasMessageContaining("maxTurnBytes");
        assertThat(store.turn("a")).isEmpty();
    }

    @Test
    void aStoreThatReplacesAnotherSeesWhatThatKeepsMeanwhile() {
        TurnStore old = open();
        old.append(turn("a", "").withConversation("talk"));
        TurnStore young = open();
        assertThat(young.turn("a")).isPresent();
        old.append(turn("b", "a").withConversation("talk"));
        young.append(turn("c", "b").withConversation("talk"));
        assertThatThrownBy(() -> old.append(turn("d", "b").withConversation("talk")))
                .isInstanceOf(InvalidRequestException.class);
        old.append(turn("d", "c").withConversation("talk"));
        old.close();
        assertThat(texts(young.history("d")))
                .containsExactly("ask a", "answer a", "ask b", "answer b", "ask c", "answer c", "ask d", "answer d");
        assertThatThrownBy(() -> old.turn("a")).isInstanceOf(UnavailableException.class);
    }

    @Test
    void wrongSettingsNameTheKeyAndWhatIsAllowed() {
        assertThatThrownBy(() -> settings(Map.of("maxTurns", 0))).hasMessageContaining("maxTurns = 0: allowed is 1 to");
        assertThatThrownBy(() -> settings(Map.of("windows", new String[] {"openai/x=0"})))
                .hasMessageContaining("windows: 'openai/x=0': allowed is MODEL=TOKENS");
    }
}
