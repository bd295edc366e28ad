package forge.ai.itest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A runtime started by {@code ./forge run} on a free port, as a user would; closing it stops it. */
public final class ForgeProcess implements AutoCloseable {

    private static final Pattern READY = Pattern.compile("READY (http://\\S+) (grpc://\\S+) in (\\d+\\.\\d) s");
    private static final long LIMIT_SECONDS = 90;

    private final Process process;
    private final Path home;
    private final URI http;
    private final URI grpc;
    private final double secondsToReady;

    private ForgeProcess(Process process, Path home, URI http, URI grpc, double secondsToReady) {
        this.process = process;
        this.home = home;
        this.http = http;
        this.grpc = grpc;
        this.secondsToReady = secondsToReady;
    }

    /** What a command printed, and how it ended. */
    public record Ended(int status, String out, String err) {}

    /** The project's folder, which holds the start script. */
    public static Path root() {
        return Path.of(System.getProperty("forge.root"));
    }

    /** The jar of an example bundle, as it was built. */
    public static Path example(String name) {
        String bundle = "forge.ai.example." + name;
        return root().resolve("features/examples/" + name + "/target/" + bundle + "-0.1.0-SNAPSHOT.jar");
    }

    /** Starts a runtime and waits until it is ready; fails with its output if it does not become so. */
    public static ForgeProcess start(Path home, String... arguments) {
        try {
            Process process = begin(home, arguments);
            Matcher ready = await(process, home.resolve("stdout.txt"));
            return new ForgeProcess(
                    process,
                    home,
                    URI.create(ready.group(1)),
                    URI.create(ready.group(2)),
                    Double.parseDouble(ready.group(3)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a runtime without waiting; what it prints goes to {@code stdout.txt} and {@code stderr.txt} in its home. */
    public static Process begin(Path home, String... arguments) throws IOException {
        Files.createDirectories(home);
        List<String> command = new ArrayList<>(List.of("run", "--home", home.toString()));
        if (!List.of(arguments).contains("--http")) {
            command.addAll(List.of("--http", "127.0.0.1:0"));
        }
        if (!List.of(arguments).contains("--grpc")) {
            command.addAll(List.of("--grpc", "127.0.0.1:0"));
        }
        command.addAll(List.of(arguments));
        return forge(command)
                .redirectOutput(home.resolve("stdout.txt").toFile())
                .redirectError(home.resolve("stderr.txt").toFile())
                .start();
    }

    /** Runs the start script with any arguments to its end. */
    public static Ended run(String... arguments) {
        return end(forge(List.of(arguments)));
    }

    /** Runs the start script in an environment that has these variables alone. */
    public static Ended runIn(Map<String, String> environment, String... arguments) {
        ProcessBuilder forge = forge(List.of(arguments));
        forge.environment().clear();
        forge.environment().putAll(environment);
        return end(forge);
    }

    private static Ended end(ProcessBuilder forge) {
        try {
            Path err = Files.createTempFile("forge", ".err");
            Process process = forge.redirectError(err.toFile()).start();
            try (InputStream in = process.getInputStream()) {
                String out = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(String.join(" ", forge.command()) + " does not end");
                }
                return new Ended(process.exitValue(), out, Files.readString(err));
            } finally {
                process.destroyForcibly();
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a shell command in this runtime. */
    public Ended exec(String command) {
        return run("exec", "--home", home.toString(), command);
    }

    public URI http() {
        return http;
    }

    public URI grpc() {
        return grpc;
    }

    public Path home() {
        return home;
    }

    public long pid() {
        return process.pid();
    }

    /** What its READY line says. */
    public double secondsToReady() {
        return secondsToReady;
    }

    /** What it logged to standard error so far. */
    public String log() {
        return read(home.resolve("stderr.txt"));
    }

    /** All it printed to standard output so far. */
    public String out() {
        return read(home.resolve("stdout.txt"));
    }

    /** Ends it as Ctrl-C does. */
    public int stop() {
        process.destroy();
        return ended();
    }

    /** Ends it as a crash does. */
    public void kill() {
        process.destroyForcibly();
        ended();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    private int ended() {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("the runtime does not stop:\n" + log());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static ProcessBuilder forge(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(root().resolve("forge").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(root().toFile());
        builder.environment().put("FORGE_JAVA_HOME", System.getProperty("java.home"));
        return builder;
    }

    private static Matcher await(Process process, Path out) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < end) {
            boolean alive = process.isAlive();
            Matcher ready = READY.matcher(read(out));
            if (ready.find()) {
                return ready;
            }
            if (!alive) {
                break;
            }
            try {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        process.destroyForcibly();
        throw new AssertionError("the runtime is not ready:\n" + read(out.resolveSibling("stderr.txt")));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
