package forge.ai.runtime.hub;

import static forge.ai.runtime.hub.HubLab.NETWORK;
import static forge.ai.runtime.hub.HubLab.NOBODY;
import static forge.ai.runtime.hub.HubLab.TINY;
import static forge.ai.runtime.hub.HubLab.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.api.AuthenticationException;
import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.PermissionException;
import forge.ai.api.ProtocolException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.ResourceExhaustedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.PulledModel;
import forge.ai.runtime.testkit.ChildJvm;
import forge.ai.runtime.testkit.model.LoopbackHub;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pulls from hubs, over networks and onto disks that fail; half a model is never seen. */
@Timeout(60)
class HubFaultsTest {

    @TempDir
    private Path repository;

    private HubLab lab;

    @BeforeEach
    void start() {
        lab = new HubLab(repository);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private void assertPulled(PulledModel pulled) {
        assertThat(pulled.version()).isEqualTo(1);
        assertThat(repository.resolve("tiny/1/model.onnx")).hasBinaryContent(lab.network);
    }

    @Test
    void aConnectionThatBreaksIsTakenUpWhereItBroke() {
        lab.server.cutAfter = 100_000;
        lab.server.cuts.set(5);
        PulledModel pulled = lab.pull();
        assertPulled(pulled);
        assertThat(lab.server.ranges).isNotEmpty().allMatch(r -> r.matches("bytes=[1-9]\\d*-"));
        // What is on its way when a connection breaks may be lost; the rest is not fetched twice.
        assertThat(pulled.downloadedBytes()).isBetween((long) lab.network.length, lab.server.bytesServed.get());
    }

    @Test
    void aServerWithoutRangesIsAskedForAllOfIt() {
        lab.server.withoutRanges = true;
        lab.server.cutAfter = 100_000;
        lab.server.cuts.set(2);
        assertPulled(lab.pull());
    }

    @Test
    void aConnectionThatAlwaysBreaksAtOnceIsGivenUp() {
        lab.server.cutAfter = 0;
        lab.server.cuts.set(1000);
        assertThat(lab.refused(TINY, ForgeException.class))
                .isInstanceOfAny(ProtocolException.class, UnavailableException.class);
        assertThat(lab.server.cuts).hasValueGreaterThan(990);
        assertThat(repository.resolve("tiny")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {NETWORK, "config.json"})
    void contentThatIsNotWhatTheHubSaysIsThrownAway(String path) {
        byte[] content = path.equals(NETWORK) ? lab.network : "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        byte[] other = content.clone();
        other[content.length / 2] ^= 1;
        lab.server.putListedAs(path, other, content, content.length);
        assertThat(lab.refused(TINY, ProtocolException.class)).hasMessageContaining(path);
        assertThat(repository.resolve("tiny")).doesNotExist();
        lab.server.put(path, content);
        assertPulled(lab.pull());
    }

    /** As a crash of the machine can leave it. */
    @Test
    void aPartThatIsDamagedIsFetchedAnew() throws Exception {
        Path parts = Files.createDirectories(repository.resolve(".pulls/tiny/parts"));
        Files.write(parts.resolve(LoopbackHub.digest("SHA-256", lab.network)), new byte[50_000]);
        assertPulled(lab.pull());
        assertThat(lab.server.ranges).containsExactly("bytes=50000-");
    }

    @Test
    void moreThanTheHubSaysIsNotTaken() throws Exception {
        lab.server.putListedAs(NETWORK, lab.network, lab.network, 1000);
        assertThat(lab.refused(TINY, ProtocolException.class)).hasMessageContaining("more of " + NETWORK);
        assertThat(lab.files().stream()
                        .mapToLong(f -> repository.resolve(f).toFile().length())
                        .sum())
                .isLessThan(lab.network.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../evil/model.onnx", "onnx/../../evil", "/etc/passwd", "a//b", "..", "a\\..\\b", "C:model.onnx"
            })
    void aListThatLeadsElsewhereIsRefused(String path) {
        lab.server.put(path, bytes(300, 1));
        assertThat(lab.refused(TINY, ProtocolException.class)).hasMessageContaining("not safe");
        assertThat(lab.server.fileRequests).hasValue(0);
    }

    @Test
    void theTokenGoesToTheHubAloneAndIsNotTold() {
        lab.server.token = "hf_topsecret";
        assertThat(lab.refused(TINY, AuthenticationException.class)).hasMessageContaining("set token");
        lab.configure("token", "hf_othersecret");
        assertThat(lab.refused(TINY, AuthenticationException.class).getMessage())
                .doesNotContain("othersecret");
        lab.configure("token", "hf_topsecret");
        assertPulled(lab.pull());
        assertThat(lab.server.storeTokens).isEmpty();
    }

    @Test
    void aGatedModelSaysWhatToDo() {
        lab.server.gatedFile = NETWORK;
        assertThat(lab.refused(TINY, PermissionException.class)).hasMessageContaining("accept its terms");
    }

    @Test
    void whatIsNotThereAndWhatIsTooMuchSayIt() {
        assertThat(lab.refused(HubPull.of("acme/nothing"), NotFoundException.class))
                .hasMessageContaining("acme/nothing");
        lab.server.status = 429;
        lab.server.retryAfter = "3600";
        RateLimitedException limited = lab.refused(TINY, RateLimitedException.class);
        assertThat(limited.retryAfter()).contains(Duration.ofHours(1));
        assertThat(limited.getMessage()).doesNotContain("hf_secretsecret");
        lab.server.status = 503;
        assertThat(lab.refused(TINY, UnavailableException.class)).isNotNull();
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItComes() {
        lab.server.putListedAs(NETWORK, lab.network, lab.network, 1L << 60);
        assertThat(lab.refused(TINY, ResourceExhaustedException.class)).hasMessageContaining("maxBytes");
        lab.configure("maxBytes", Long.MAX_VALUE);
        assertThat(lab.refused(TINY, ResourceExhaustedException.class)).hasMessageContaining("no room");
        lab.configure("minFreeBytes", Long.MAX_VALUE);
        lab.server.put(NETWORK, lab.network);
        assertThat(lab.refused(TINY, ResourceExhaustedException.class)).hasMessageContaining("minFreeBytes");
        assertThat(lab.server.fileRequests).hasValue(0);
    }

    /** A device that is always full takes the place of the part. */
    @Test
    void aDiskThatIsFullSaysSo() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "there is no /dev/full here");
        Path parts = Files.createDirectories(repository.resolve(".pulls/tiny/parts"));
        Path part = Files.createSymbolicLink(parts.resolve(LoopbackHub.digest("SHA-256", lab.network)), full);
        assertThat(lab.refused(TINY, ResourceExhaustedException.class)).hasMessageContaining("No space left");
        assertThat(repository.resolve("tiny")).doesNotExist();
        Files.delete(part);
        assertPulled(lab.pull());
    }

    @Test
    void anInterruptEndsAPullThatHangsAndTheNextOneGoesOn() throws Exception {
        lab.server.stallAfter = 300_000;
        CompletableFuture<PulledModel> pulling = new CompletableFuture<>();
        // A platform thread, whose reading of a socket cannot be interrupted.
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                pulling.complete(lab.pull());
            } catch (RuntimeException e) {
                pulling.completeExceptionally(e);
            }
        });
        assertThat(lab.server.stalled.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(lab.refused(TINY, UnavailableException.class)).hasMessageContaining("already");
        thread.interrupt();
        assertThatThrownBy(() -> pulling.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(CancelledException.class);
        assertThat(repository.resolve("tiny")).doesNotExist();
        lab.server.stallAfter = Integer.MAX_VALUE;
        assertPulled(lab.pull());
    }

    @Test
    void stoppingTheBundleEndsAPullThatHangs() throws Exception {
        lab.server.stallAfter = 300_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PulledModel> pulling = threads.submit(lab::pull);
            assertThat(lab.server.stalled.await(20, TimeUnit.SECONDS)).isTrue();
            lab.hub.close();
            assertThatThrownBy(() -> pulling.get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnavailableException.class);
        }
        assertThat(lab.refused(TINY, UnavailableException.class)).isNotNull();
    }

    @Test
    void moreAtATimeThanAllowedAreRefused() throws Exception {
        lab.configure("parallel", 1);
        lab.server.stallAfter = 300_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(lab::pull);
            assertThat(lab.server.stalled.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(lab.refused(TINY.withName("other"), ResourceExhaustedException.class))
                    .hasMessageContaining("parallel");
            lab.hub.close();
        }
    }

    @Test
    void anExceptionOfTheListenerEndsThePull() {
        UnavailableException enough = new UnavailableException("enough");
        assertThatThrownBy(() -> lab.hub.pull(TINY, progress -> {
                    if (progress.completedBytes() > 0) {
                        throw enough;
                    }
                }))
                .isSameAs(enough);
    }

    /** Dies in the middle of the network. */
    static final class Crash implements ChildJvm.Work {
        @Override
        public void run(String... arguments) {
            HubLab.hub(Path.of(arguments[1]), arguments[0]).pull(TINY, progress -> {
                if (progress.part().equals(NETWORK) && progress.completedBytes() >= 100_000) {
                    Runtime.getRuntime().halt(9);
                }
            });
        }
    }

    @Test
    void whatHadComeBeforeTheProcessDiedIsNotFetchedAgain(@TempDir Path folder) throws Exception {
        // What comes together is told at once; so some more has to come after the first 100000 bytes were told.
        lab.server.cutAfter = 150_000;
        lab.server.cuts.set(2);
        ChildJvm child = ChildJvm.run(folder, Crash.class, lab.server.url(), repository.toString());
        assertThat(child.exit()).as(String.join("\n", child.output())).isEqualTo(9);
        assertThat(lab.files()).isNotEmpty().allMatch(f -> f.startsWith(".pulls/tiny/"));
        lab.server.cuts.set(0);
        PulledModel pulled = lab.pull();
        assertPulled(pulled);
        assertThat(pulled.downloadedBytes()).isLessThan(lab.network.length);
        assertThat(lab.server.ranges).isNotEmpty();
    }

    @Test
    void nothingIsHalfThereWhilePullsOfTwoNamesGoOn() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<PulledModel> other = threads.submit(() -> lab.hub.pull(TINY.withName("other"), NOBODY));
            assertPulled(lab.pull());
            assertThat(other.get(30, TimeUnit.SECONDS).version()).isEqualTo(1);
        }
        assertThat(lab.files()).noneMatch(f -> f.startsWith(".pulls"));
    }
}
