package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.monitoring.MetricsReader;
import forge.ai.api.monitoring.Telemetry;
import forge.ai.runtime.testkit.ClassPathBundles;
import forge.ai.runtime.testkit.otlp.OtlpCollector;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/** Monitoring comes, is replaced and goes under load: no call is lost, and nothing of it stays. */
@Timeout(180)
class MonitoringSwapIT {

    private static final int CALLERS = 16;
    private static final int SWAPS = 8;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private static Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    private void call(RunningServer server, boolean stream) {
        while (!stop.get()) {
            try {
                HttpResponse<String> answer = server.post(
                        "/v1/chat/completions",
                        "{\"model\":\"echo/m\",\"stream\":" + stream
                                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");
                if (answer.statusCode() == 200 && answer.body().contains("hello")) {
                    answers.incrementAndGet();
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            } catch (Exception e) {
                failures.add(e.toString());
            }
        }
    }

    private void awaitAnswers(int more) throws InterruptedException {
        int until = answers.get() + more;
        long end = System.nanoTime() + LIMIT.toNanos();
        while (answers.get() < until) {
            assertThat(failures).isEmpty();
            assertThat(System.nanoTime()).as("%d more answers", more).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Test
    void noCallIsLostAndNoClassLoaderStays() throws Exception {
        try (OtlpCollector collector = new OtlpCollector();
                RunningServer server = new RunningServer(folder)) {
            server.provide("echo", new EchoProvider());
            server.configureOther(
                    "forge.ai.monitoring",
                    Map.of(
                            "otlp.endpoint",
                            collector.uri().toString(),
                            "otlp.intervalMillis",
                            100,
                            "traces.ratio",
                            1.0));
            WeakReference<ClassLoader> loader;
            try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < CALLERS; i++) {
                    boolean stream = i % 2 == 0;
                    executor.execute(() -> call(server, stream));
                }
                try {
                    awaitAnswers(50);
                    loader = swap(server);
                    awaitAnswers(50);
                } finally {
                    stop.set(true);
                }
            }
            assertThat(failures).isEmpty();
            assertThat(collector.spans()).isNotEmpty();
            assertThat(collector.metrics()).containsKey("http.server.request.duration");
            assertThat(server.context().getServiceReference(Telemetry.class)).isNull();
            // The last threads of the export end by themselves.
            long end = System.nanoTime() + LIMIT.toNanos();
            while (loader.get() != null) {
                assertThat(System.nanoTime()).as("the class loader is gone").isLessThan(end);
                System.gc();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** Starts, replaces and stops it, again and again; gives what must not stay. */
    private WeakReference<ClassLoader> swap(RunningServer server) throws Exception {
        Bundle serving = Monitored.start(server).bundle();
        WeakReference<ClassLoader> loader =
                new WeakReference<>(serving.adapt(BundleWiring.class).getClassLoader());
        awaitAnswers(50);
        for (int i = 1; i <= SWAPS; i++) {
            Bundle next = server.framework().startBeside(Monitored.BUNDLE, "0.1." + i);
            awaitAnswers(20);
            serving.stop();
            serving.uninstall();
            serving = next;
            awaitAnswers(20);
            MetricsReader reader = Monitored.reader(server);
            assertThat(reader.read())
                    .filteredOn(metric -> metric.name().equals("gen_ai.client.operation.duration"))
                    .isNotEmpty();
        }
        serving.stop();
        awaitAnswers(20);
        serving.start();
        awaitAnswers(20);
        try (InputStream jar = Files.newInputStream(ClassPathBundles.find(Monitored.BUNDLE))) {
            serving.update(jar);
        }
        awaitAnswers(20);
        serving.uninstall();
        server.framework().refresh(serving);
        return loader;
    }
}
