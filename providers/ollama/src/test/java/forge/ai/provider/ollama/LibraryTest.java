package forge.ai.provider.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import forge.ai.api.CancelledException;
import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmModel.Capability;
import forge.ai.api.llm.ModelCard;
import forge.ai.api.llm.PullProgress;
import forge.ai.runtime.support.http.HttpUpstream;
import forge.ai.runtime.testkit.Configs;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.ThreadCensus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The models of an Ollama: listed with what they can do, shown, pulled and deleted. */
@Timeout(60)
class LibraryTest {

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final OllamaServer server = new OllamaServer();
    private final OllamaProvider provider = provider(Map.of());

    private OllamaProvider provider(Map<String, Long> limits) {
        Map<String, Object> values = new HashMap<>(limits);
        values.put("baseUrl", upstream.uri().toString());
        return new OllamaProvider(
                Settings.of(Configs.of(OllamaProviderComponent.Config.class, values)),
                new HttpUpstream(Duration.ofMillis(200), 1 << 20));
    }

    @BeforeEach
    void begin() {
        upstream.script(server::answer);
    }

    @AfterEach
    void close() {
        provider.close();
        upstream.close();
    }

    private long asked(String path) {
        return upstream.requests().stream().filter(x -> x.path().equals(path)).count();
    }

    @Test
    void modelsAreListedWithWhatTheyCanDoAndEachIsAskedAboutOnce() {
        LlmModel expected = LlmModel.of(OllamaServer.MODEL)
                .withCreated(Instant.parse("2025-05-05T00:37:44.706015396Z"))
                .withContextTokens(131072)
                .withCapabilities(Capability.CHAT, Capability.COMPLETION, Capability.TOOLS);
        for (int i = 0; i < 3; i++) {
            assertThat(provider.models()).containsExactly(expected);
        }
        assertThat(asked("/api/tags")).isEqualTo(3);
        assertThat(asked("/api/show")).isEqualTo(1);
    }

    @Test
    void aModelOfAnotherDigestIsAskedAboutAgain() {
        AtomicInteger digest = new AtomicInteger();
        upstream.script(x -> {
            if (x.path().equals("/api/tags")) {
                x.answer(
                        200,
                        OllamaServer.JSON,
                        "{\"models\":[{\"name\":\"" + OllamaServer.MODEL + "\",\"digest\":\"d" + digest.get()
                                + "\"}]}");
            } else {
                server.answer(x);
            }
        });
        provider.models();
        digest.set(1);
        provider.models();
        provider.models();
        assertThat(asked("/api/show")).isEqualTo(2);
    }

    @Test
    void aListIsWorthHavingWithoutDetailsAndTheOthersAreThenNotAskedAbout() {
        upstream.script(
                x -> x.answer(
                        x.path().equals("/api/tags") ? 200 : 500,
                        OllamaServer.JSON,
                        "{\"models\":[{\"name\":\"a\",\"digest\":\"1\"},{\"model\":\"b\",\"digest\":\"2\",\"modified_at\":\"?\"},{}]}"));
        assertThat(provider.models()).containsExactly(LlmModel.of("a"), LlmModel.of("b"));
        assertThat(asked("/api/show")).isEqualTo(1);
    }

    @Test
    void theProbeAsksForTheVersionOrElseForTheList() {
        provider.probe();
        assertThat(upstream.requests())
                .singleElement()
                .satisfies(x -> assertThat(x.path()).isEqualTo("/api/version"));
        upstream.script(x -> {
            if (x.path().equals("/api/version")) {
                x.answer(404, "text/plain", "404 page not found");
            } else {
                server.answer(x);
            }
        });
        provider.probe();
        assertThat(asked("/api/tags")).isEqualTo(1);
        upstream.script(x -> x.answer(503, "text/plain", "later"));
        assertThatThrownBy(provider::probe).hasMessageContaining("later");
    }

    @Test
    void aModelIsShownWithAllThatIsSaidOfIt() {
        ModelCard card = provider.show(OllamaServer.MODEL);
        assertThat(card.model().contextTokens()).hasValue(131072);
        assertThat(card.extensions())
                .containsEntry("ollama:license", "\"MIT\"")
                .containsEntry("ollama:details", "{\"format\":\"gguf\"}")
                .containsEntry("ollama:capabilities", "[\"completion\",\"tools\"]");
        assertThatThrownBy(() -> provider.show("no-such-model")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aModelIsDeleted() {
        provider.delete(OllamaServer.MODEL);
        assertThat(upstream.requests()).singleElement().satisfies(x -> {
            assertThat(x.method()).isEqualTo("DELETE");
            assertThat(x.path()).isEqualTo("/api/delete");
            assertThat(x.body()).isEqualTo("{\"model\":\"" + OllamaServer.MODEL + "\"}");
        });
        assertThatThrownBy(() -> provider.delete("no-such-model")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void aPullTellsHowFarItIs() {
        List<PullProgress> progress = new ArrayList<>();
        Thread caller = Thread.currentThread();
        provider.pull(OllamaServer.MODEL, p -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            progress.add(p);
        });
        assertThat(progress)
                .containsExactly(
                        new PullProgress("pulling manifest", "", 0, OptionalLong.empty()),
                        new PullProgress("pulling d-1", "sha256:d-1", 0, OptionalLong.of(100)),
                        new PullProgress("pulling d-1", "sha256:d-1", 60, OptionalLong.of(100)),
                        new PullProgress("verifying sha256 digest", "", 0, OptionalLong.empty()),
                        new PullProgress("success", "", 0, OptionalLong.empty()));
        assertThatThrownBy(() -> provider.pull("no-such-model", p -> {})).isInstanceOf(NotFoundException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"error\":\"pull model manifest: file does not exist\"}', NOT_FOUND",
        "'{\"error\":\"dial tcp: no such host\"}', UNAVAILABLE",
        "'', PROTOCOL",
        "'{\"status\":\"succ', PROTOCOL",
        "'{\"status\":\"writing manifest\"}', PROTOCOL",
        "'{}', PROTOCOL",
        "'x', PROTOCOL"
    })
    void aPullThatDoesNotSucceedIsATypedError(String line, ErrorCode code) {
        upstream.script(x -> {
            x.begin(200, OllamaServer.LINES);
            x.chunk("{\"status\":\"pulling manifest\"}\n" + line);
            x.end();
        });
        List<String> seen = new ArrayList<>();
        ForgeException e =
                catchThrowableOfType(ForgeException.class, () -> provider.pull("m", p -> seen.add(p.status())));
        assertThat(e.code()).isEqualTo(code);
        assertThat(seen).startsWith("pulling manifest");
    }

    @Test
    void aListenerThatFailsEndsThePull() throws Exception {
        AtomicInteger busy = endless();
        assertThatThrownBy(() -> provider.pull("m", p -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
        awaitZero(busy);
    }

    /** From now on a pull goes on for ever. */
    private AtomicInteger endless() {
        AtomicInteger busy = new AtomicInteger();
        upstream.script(x -> {
            busy.incrementAndGet();
            try {
                x.begin(200, OllamaServer.LINES);
                x.chunk("{\"status\":\"pulling d\",\"digest\":\"d\",\"total\":9,\"completed\":1}\n");
                x.awaitDisconnect(Duration.ofSeconds(30));
            } finally {
                busy.decrementAndGet();
            }
        });
        return busy;
    }

    private static void awaitZero(AtomicInteger busy) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (busy.get() > 0) {
            assertThat(System.nanoTime()).as("the pull ends upstream").isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void anInterruptEndsThePullWhateverTheThreadIsAndNoThreadStays() throws Exception {
        ThreadCensus before = ThreadCensus.now();
        AtomicInteger busy = endless();
        for (Thread.Builder kind : List.of(Thread.ofVirtual(), Thread.ofPlatform())) {
            CountDownLatch pulling = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = kind.start(() -> {
                try {
                    provider.pull("m", p -> pulling.countDown());
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            assertThat(pulling.await(20, TimeUnit.SECONDS)).isTrue();

            caller.interrupt();

            assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
            assertThat(thrown.get()).isInstanceOf(CancelledException.class);
            awaitZero(busy);
        }
        provider.close();
        before.awaitNoOthers(Duration.ofSeconds(20));
    }

    @Test
    void aPullThatFallsSilentIsATimeout() {
        OllamaProvider hasty = provider(Map.of("requestTimeoutMillis", 200L));
        AtomicInteger busy = endless();
        ForgeException e = catchThrowableOfType(ForgeException.class, () -> hasty.pull("m", p -> {}));
        assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
        awaitZero(busy);
        hasty.close();
    }

    /** The limit is that of one answer here, a megabyte; progress of fifty goes through. */
    @Test
    void aLongPullTakesNoMoreThanALine() {
        String line =
                "{\"status\":\"pulling d\",\"digest\":\"" + "d".repeat(1000) + "\",\"total\":9,\"completed\":1}\n";
        String block = line.repeat(50);
        upstream.script(x -> {
            x.begin(200, OllamaServer.LINES);
            for (int i = 0; i < 1000; i++) {
                x.chunk(block);
            }
            x.chunk("{\"status\":\"success\"}\n");
            x.end();
        });
        AtomicInteger lines = new AtomicInteger();
        provider.pull("m", p -> lines.incrementAndGet());
        assertThat(lines).hasValue(50_001);
    }

    @Test
    void aProviderThatIsStoppedGivesThePullUp() throws Exception {
        AtomicInteger busy = endless();
        CountDownLatch pulling = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                provider.pull("m", p -> pulling.countDown());
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        assertThat(pulling.await(20, TimeUnit.SECONDS)).isTrue();
        provider.close();
        assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown.get()).isInstanceOf(ForgeException.class).hasMessageContaining("being stopped");
        awaitZero(busy);
    }
}
