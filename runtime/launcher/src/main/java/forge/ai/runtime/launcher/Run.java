package forge.ai.runtime.launcher;

import forge.ai.console.channel.client.ShellClient;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** {@code forge run}: the runtime in the foreground, until it is told to end, or its shell is left. */
final class Run {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** Beyond the time that the server gives to calls in flight. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final Options options;
    private final PrintStream out;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** @param out takes the one line that says it is ready */
    Run(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
    }

    /**
     * Returns when it was told to end and everything is stopped.
     *
     * @throws Exit if it cannot start
     */
    void run() throws IOException, BundleException, InterruptedException {
        if (!options.rest().isEmpty()) {
            throw Exit.failed("run takes no " + options.rest().get(0) + "; ./forge help says what it takes");
        }
        Distribution distribution = Distribution.located();
        Home home = Home.open(options.home());
        System.setProperty("java.io.tmpdir", home.folder().resolve("tmp").toString());
        Logging.to(home.folder());
        Logger log = LoggerFactory.getLogger(Run.class);
        try {
            ServerAddresses.of(options).check();
            List<Path> bundles = distribution.bundles(options.features());
            home.addSamples(distribution.samples());
            endOnSignals();
            Runtime.getRuntime().addShutdownHook(new Thread(this::halt, "forge-stop"));
            Container container = Container.create(home, properties(distribution));
            try {
                container.start(bundles);
                List<URI> addresses = new Readiness(container.context()).await(START_LIMIT, end);
                if (!addresses.isEmpty()) {
                    ready(log, addresses);
                    serve(home);
                }
                log.info("Stopping");
            } finally {
                container.stop(STOP_LIMIT);
            }
            log.info("Stopped");
        } finally {
            Logging.close();
            stopped.countDown();
        }
    }

    /** Returns when it was told to end. */
    private void serve(Home home) throws InterruptedException {
        if (options.shell()) {
            ShellClient.shell(home.folder(), System.in, out, System.err);
        } else {
            end.await();
        }
    }

    private Map<String, String> properties(Distribution distribution) {
        Map<String, String> properties = new HashMap<>();
        properties.put("forge.home", options.home().toString());
        properties.put("forge.dist", distribution.folder().toString());
        options.http().ifPresent(a -> properties.put("forge.http", a.toString()));
        options.grpc().ifPresent(a -> properties.put("forge.grpc", a.toString()));
        // Jetty starts to listen when the server says where, not on a port of its own choice.
        properties.put("org.apache.felix.http.require.config", "true");
        return properties;
    }

    private void ready(Logger log, List<URI> addresses) {
        double seconds = (System.currentTimeMillis() - started()) / 1000.0;
        String all = addresses.stream().map(URI::toString).collect(Collectors.joining(" "));
        String line = String.format(Locale.ROOT, "READY %s in %.1f s", all, seconds);
        log.info(line);
        out.println(line);
        out.flush();
    }

    /** When the start script started the JVM, or else when the JVM says that it did, in milliseconds. */
    private static long started() {
        Long micros = Long.getLong("forge.started");
        return micros == null ? ManagementFactory.getRuntimeMXBean().getStartTime() : micros / 1000;
    }

    /**
     * Left to the JVM, a signal would start all shutdown hooks at once: that of ONNX Runtime takes its environment away
     * while models are still being loaded or used, which aborts the process. In a terminal's shell signals are the
     * shell's.
     */
    private void endOnSignals() {
        if (!options.shell()) {
            for (String name : List.of("TERM", "INT", "HUP")) {
                Signal.handle(new Signal(name), signal -> end.countDown());
            }
        }
    }

    /** A signal ends the process with status 0 once all is stopped, and not with the signal's own. */
    private void halt() {
        if (stopped.getCount() == 0) {
            return;
        }
        end.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }
}
