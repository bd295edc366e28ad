package forge.ai.console.channel;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.runtime.testkit.ThreadCensus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The interactive shell through the socket. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShellIT {

    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    // As a terminal sends them when asked to, which the shell does.
    private static final String UP = "\u001bOA";
    private static final String LEFT = "\u001bOD";

    @TempDir
    private static Path home;

    private Runtime runtime;

    @BeforeAll
    void start() throws Exception {
        runtime = Runtime.start(home);
    }

    @AfterAll
    void stop() throws Exception {
        runtime.close();
    }

    private Typist open() throws Exception {
        Typist typist = Typist.open(home, home);
        typist.await("forge> ");
        return typist;
    }

    @Test
    void linesAreEditedAndRun() throws Exception {
        try (Typist typist = open()) {
            typist.type("sample:say 'grße'" + LEFT.repeat(4) + "\u001bOC" + "ü\r");
            typist.await("\r\ngrüße\r\n");
            typist.await("forge> ");
            typist.type("sample:fail 'no luck'\r");
            typist.await("\r\nerror: no luck and more\r\n");
            typist.type(UP + UP + "\r");
            typist.await("\r\ngrüße\r\n");
            typist.await("forge> ");
            typist.type(CTRL_D);
            assertThat(typist.end()).isZero();
        }
    }

    @Test
    void ctrlCEndsTheCommandAndNotTheShell() throws Exception {
        System.clearProperty("sample.interrupted");
        try (Typist typist = open()) {
            typist.type("sample:hang\r");
            typist.await("hanging");
            typist.type("x".repeat(5000) + CTRL_C);
            typist.await("cancelled");
            Runtime.await(() -> "yes".equals(System.getProperty("sample.interrupted")));
            typist.await("forge> ");
            typist.type("half a line" + CTRL_C);
            typist.await("forge> ");
            typist.type("sample:say again\r");
            typist.await("\r\nagain\r\n");
            typist.type("exit\r");
            assertThat(typist.end()).isZero();
        }
    }

    @Test
    void aTerminalThatGoesAwayCancelsItsCommand() throws Exception {
        System.clearProperty("sample.interrupted");
        try (Typist typist = open()) {
            typist.type("sample:hang\r");
            typist.await("hanging");
        }
        Runtime.await(() -> "yes".equals(System.getProperty("sample.interrupted")));
    }

    @Test
    void theSizeOfTheTerminalIsKnownAndFollowed() throws Exception {
        try (Typist typist = open()) {
            typist.type("sample:width\r");
            typist.await("\r\n100\r\n");
            typist.resize(123, 40);
            typist.type("sample:width\r");
            typist.await("\r\n123\r\n");
        }
    }

    @Test
    void theTabulatorCompletesCommandsAndTheirWords() throws Exception {
        try (Typist typist = open()) {
            typist.type("sample:wi\t\r");
            typist.await("\r\n100\r\n");
            typist.await("forge> ");
            typist.type("sample:say car\t\r");
            typist.await("\r\ncarrot\r\n");
        }
    }

    @Test
    void neitherThreadsNorErrorsAreLeftOfShellsAndCommands() throws Exception {
        Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> errors.add(e));
        runtime.exec("sample:quiet");
        ThreadCensus before = ThreadCensus.now();
        for (int i = 0; i < 20; i++) {
            assertThat(runtime.exec("sample:flood 10 | grep 1").status()).isZero();
            try (Typist typist = open()) {
                typist.type(i % 2 == 0 ? "sample:hang\r" : "sample:say car\t\r");
                typist.await(i % 2 == 0 ? "hanging" : "carrot\r\n");
            }
        }
        before.awaitNoOthers(Duration.ofSeconds(30));
        Thread.setDefaultUncaughtExceptionHandler(null);
        assertThat(errors).isEmpty();
    }

    @Test
    void linesThatMayHoldASecretAreNotKept() throws Exception {
        try (Typist typist = open()) {
            typist.type("sample:say kept\r");
            typist.await("\r\nkept\r\n");
            typist.await("forge> ");
            typist.type("sample:say config key=hush\r");
            typist.await("forge> ");
            typist.type("exit\r");
            typist.end();
        }
        Path history = home.resolve("data/shell-history");
        assertThat(Files.readString(history)).contains("kept").doesNotContain("hush");
    }
}
