package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import forge.ai.runtime.support.serving.Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.LoggerFactory;

/** The configuration is changed while the server serves. */
@Timeout(60)
class ReconfigurationIT {

    private static final String HTTP = "(" + Address.PROTOCOL + "=http)";
    private static final String CHAT = """
            {"model": "echo/m", "messages": [{"role": "user", "content": "hi"}]}""";

    @TempDir
    private Path folder;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = RunningServer.configured(folder, Map.of("http", "127.0.0.1:0"));
        server.provide("echo", new EchoProvider());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void noCallIsLostWhenLimitsChange() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger answers = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        Thread caller = Thread.ofVirtual().start(() -> {
            while (!stop.get()) {
                try {
                    boolean fine = server.post("/v1/chat/completions", CHAT).statusCode() == 200;
                    (fine ? answers : failures).incrementAndGet();
                } catch (Exception e) {
                    failures.incrementAndGet();
                }
            }
        });
        for (int i = 0; i < 20; i++) {
            int seen = answers.get();
            server.configure(Map.of("http", "127.0.0.1:0", "maxBodyBytes", 2048 + i, "drainSeconds", i));
            await(() -> answers.get() > seen + 5 || failures.get() > 0);
        }
        assertThat(server.post("/v1/chat/completions", "x".repeat(2048 + 20)).statusCode())
                .isEqualTo(413);
        stop.set(true);
        caller.join();
        assertThat(failures.get()).isZero();
    }

    @Test
    void movesToAnotherPort() throws Exception {
        int port = Address.of("http", "127.0.0.1:0").free().port();
        server.configure(Map.of("http", "127.0.0.1:" + port));
        URI moved = URI.create("http://127.0.0.1:" + port);
        await(() -> moved.equals(published()));
        HttpResponse<String> live = server.http.send(
                HttpRequest.newBuilder(moved.resolve("/health/live")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(live.statusCode()).isEqualTo(200);
    }

    @Test
    void staysWhereItIsWhenTheNewAddressIsTakenOrRefused() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(HttpServer.class)).addAppender(log);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            server.configure(Map.of("http", "127.0.0.1:" + taken.getLocalPort(), "maxBodyBytes", 1500));
            await(() -> said(log, "cannot listen on 127.0.0.1:" + taken.getLocalPort()));
            server.configure(Map.of("http", "0.0.0.0:8080", "maxBodyBytes", 1500));
            await(() -> said(log, "no authentication"));
            assertThat(server.post("/v1/chat/completions", "x".repeat(2001)).statusCode())
                    .isEqualTo(400);
            assertThat(published()).isEqualTo(server.address());
        }
    }

    private static boolean said(ListAppender<ILoggingEvent> log, String text) {
        return List.copyOf(log.list).stream()
                .anyMatch(e ->
                        e.getLevel() == Level.ERROR && e.getFormattedMessage().contains(text));
    }

    @Test
    void leavesNothingBehind() throws Exception {
        for (Bundle bundle : server.context().getBundles()) {
            if ("forge.ai.runtime.server".equals(bundle.getSymbolicName())) {
                bundle.stop();
            }
        }
        assertThat(published()).isNull();
        ServiceReference<ConfigurationAdmin> admin = server.context().getServiceReference(ConfigurationAdmin.class);
        assertThat(server.context().getService(admin).listConfigurations("(service.pid=org.apache.felix.http)"))
                .isNull();
        await(() -> {
            try (var socket = server.connect()) {
                return false;
            } catch (java.net.ConnectException e) {
                return true;
            }
        });
    }

    private URI published() throws Exception {
        var found = server.context().getServiceReferences(URI.class, HTTP);
        return found.isEmpty()
                ? null
                : server.context().getService(found.iterator().next());
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
