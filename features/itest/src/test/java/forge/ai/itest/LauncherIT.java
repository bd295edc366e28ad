package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./forge} prints, and what it exits with. */
class LauncherIT {

    private static final List<String> TOOLS = List.of("bash", "sed", "sort", "tr", "readlink", "dirname", "env");

    @TempDir
    static Path home;

    private static ForgeProcess forge;

    /** It starts although a configuration is broken. */
    @BeforeAll
    static void start() throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        Files.writeString(conf.resolve("forge.ai.route~broken.cfg.json"), "{\"targets\": [\"local/tiny-gpt\"");
        forge = ForgeProcess.start(home);
    }

    @AfterAll
    static void stop() {
        forge.close();
    }

    @Test
    void aBrokenConfigurationIsToldInOneLine() {
        assertThat(forge.log().lines().filter(l -> l.contains("forge.ai.route~broken")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("ERROR", "forge.ai.route~broken.cfg.json", "not a configuration in JSON", "line"));
        assertThat(forge.log().lines().filter(l -> l.contains(" ERROR "))).hasSize(1);
    }

    @Test
    void execPrintsWhatTheCommandPrintsAndExitsWithZero() {
        ForgeProcess.Ended ended = forge.exec("ai:models");
        assertThat(ended.status()).isZero();
        assertThat(ended.out()).contains("digits", "READY");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void execOfAnUnknownCommandExitsWithOne() {
        ForgeProcess.Ended ended = forge.exec("ai:nonsense");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err().lines())
                .singleElement()
                .satisfies(l -> assertThat(l).contains("ai:nonsense"));
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void execWithoutARuntimeExitsWithOne(@TempDir Path empty) {
        ForgeProcess.Ended ended = ForgeProcess.run("exec", "--home", empty.toString(), "ai:models");
        assertThat(ended.err().lines()).singleElement().isEqualTo("no runtime is running in " + empty);
        assertThat(ended.status()).isEqualTo(1);
    }

    @Test
    void aSecondRuntimeInTheSameHomeIsRefused() {
        ForgeProcess.Ended second =
                ForgeProcess.run("run", "--home", home.toString(), "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0");
        assertOneLine(second, 1, "in use", home);
        assertThat(forge.exec("ai:models").status()).isZero();
    }

    @Test
    void aPortThatIsTakenIsToldAndNothingIsStarted(@TempDir Path other) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String[] free = {"run", "--home", other.toString(), "--http", "127.0.0.1:0", "--grpc", "127.0.0.1:0"};
            free[4] = address;
            assertOneLine(ForgeProcess.run(free), 3, address, "--http");
            free[4] = "127.0.0.1:0";
            free[6] = address;
            assertOneLine(ForgeProcess.run(free), 3, address, "--grpc");
        }
    }

    @Test
    void bothServersOnOnePortIsTold(@TempDir Path other) throws IOException {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }
        assertOneLine(
                ForgeProcess.run("run", "--home", other.toString(), "--http", address, "--grpc", address),
                3,
                address,
                "--grpc");
    }

    @Test
    void anUnknownOptionIsTold(@TempDir Path other) {
        assertOneLine(ForgeProcess.run("run", "--home", other.toString(), "--colour"), 1, "--colour", "help");
    }

    @Test
    void aSignalStopsTheRuntimeAfterExactlyOneLine(@TempDir Path other) {
        ForgeProcess stopped = ForgeProcess.start(other);
        assertThat(stopped.stop()).isZero();
        assertThat(stopped.out().lines())
                .singleElement()
                .satisfies(l -> assertThat(l)
                        .matches("READY http://127\\.0\\.0\\.1:\\d+ grpc://127\\.0\\.0\\.1:\\d+ in \\d+\\.\\d s"));
        assertThat(stopped.log()).contains("Stopped");
    }

    @Test
    void aReplacementThatCannotStartLeavesTheOriginalInForce(@TempDir Path other) throws IOException {
        Path restarts = Files.createDirectories(other.resolve("data/deploy/restart"));
        bundle(restarts.resolve("forge.ai.console.shell.jar"), "forge.ai.console.shell", "Import-Package", "not.there");
        bundle(restarts.resolve("extra.fragment.jar"), "extra.fragment", "Fragment-Host", "forge.ai.lib.onnxruntime");
        try (ForgeProcess started = ForgeProcess.start(other)) {
            assertThat(started.exec("ai:models").out()).contains("digits");
            assertThat(started.exec("felix:lb -s").out()).contains("extra.fragment");
            assertThat(started.log().lines().filter(l -> l.contains("forge.ai.console.shell")))
                    .anySatisfy(l -> assertThat(l).contains("does not start", "not.there"));
        }
    }

    private static void bundle(Path jar, String name, String header, String value) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", "9.9.9");
        main.putValue(header, value);
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    /** Each call is answered whole or refused, until nobody listens any more. */
    @Test
    void aSignalLetsCallsInFlightFinish(@TempDir Path other) throws Exception {
        ForgeProcess stopped = ForgeProcess.start(other);
        List<Caller> callers =
                Stream.generate(() -> new Caller(stopped.http())).limit(8).toList();
        List<Thread> threads = callers.stream().map(Thread.ofVirtual()::start).toList();
        Await.until("all call", Duration.ofSeconds(30), () -> callers.stream().allMatch(c -> c.answered > 5));
        long start = System.nanoTime();
        assertThat(stopped.stop()).as(stopped.log()).isZero();
        System.out.printf("stop: %d ms with calls in flight%n", (System.nanoTime() - start) / 1_000_000);

        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        }
        assertThat(callers.stream().flatMap(c -> c.wrong.stream())).isEmpty();
    }

    /** Asks one question after the other, as a stream, until it is refused. */
    private static final class Caller implements Runnable {
        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpRequest request;
        private final List<String> wrong = new CopyOnWriteArrayList<>();
        private volatile int answered;

        private Caller(URI http) {
            request = HttpRequest.newBuilder(http.resolve("/v1/completions"))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(30))
                    .POST(HttpRequest.BodyPublishers.ofString(
                            "{\"model\":\"local/tiny-gpt\",\"prompt\":\"The quick brown\",\"stream\":true}"))
                    .build();
        }

        @Override
        public void run() {
            try (client) {
                while (answered()) {
                    answered++;
                }
            } catch (IOException e) {
                wrong.add("cut short: " + e);
            } catch (InterruptedException e) {
                wrong.add(e.toString());
            }
        }

        /** False if it is refused; once the answer has begun it has to come whole. */
        private boolean answered() throws IOException, InterruptedException {
            HttpResponse<InputStream> response;
            try {
                response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            } catch (IOException e) {
                return false;
            }
            try (InputStream in = response.body()) {
                String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                if (response.statusCode() == 200 && !body.endsWith("data: [DONE]\n\n")) {
                    wrong.add(body);
                }
                return response.statusCode() == 200;
            }
        }
    }

    @Test
    void aSignalDuringTheStartStopsTheRuntime(@TempDir Path other) throws Exception {
        Process process = ForgeProcess.begin(other);
        try {
            Path log = other.resolve("stderr.txt");
            Await.until(
                    "something is logged",
                    Duration.ofSeconds(60),
                    () -> Files.exists(log) && log.toFile().length() > 0);
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(log).content().contains("Stopped");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void withoutANewJavaOneLineSaysWhereItLooked(@TempDir Path folder) throws IOException {
        Path old = javaFolder(folder.resolve("jdk-17"), "17.0.12");
        ForgeProcess.Ended ended = ForgeProcess.runIn(
                Map.of(
                        "HOME",
                        folder.toString(),
                        "JAVA_HOME",
                        old.toString(),
                        "PATH",
                        old.resolve("bin") + ":" + tools(folder),
                        "FORGE_JAVA_FOLDERS",
                        old + ":" + folder.resolve("none")),
                "run",
                "--home",
                folder.resolve("home").toString());
        assertOneLine(ended, 2, "no Java 21 or later", "JAVA_HOME", "PATH", folder.resolve("none"));
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void aJavaThatIsTooOldIsPassedOver(@TempDir Path folder) throws IOException {
        Path old = javaFolder(folder.resolve("a-17"), "17.0.12");
        Path newer = javaFolder(folder.resolve("b-21"), "21.0.4");
        Path older = javaFolder(folder.resolve("c-11"), "11.0.2");
        ForgeProcess.Ended ended = ForgeProcess.runIn(
                Map.of(
                        "HOME", folder.toString(),
                        "PATH", tools(folder).toString(),
                        "FORGE_JAVA_FOLDERS", old + ":" + newer + ":" + older),
                "jdk");
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out().strip()).isEqualTo(newer.toString());
    }

    /** Started by hand with a Java that is too old. */
    @Test
    void theLauncherItselfTellsThatItsJavaIsTooOld() throws Exception {
        Optional<Path> java = javaBefore21();
        assumeTrue(java.isPresent(), "there is no Java 17 to 20 here");
        String dist = System.getProperty("forge.dist");
        Process process = new ProcessBuilder(
                        java.get().resolve("bin/java").toString(),
                        "-Dforge.dist=" + dist,
                        "-cp",
                        dist + "/lib/*",
                        "forge.ai.runtime.launcher.Main",
                        "run")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(printed.lines()).singleElement().satisfies(l -> assertThat(l).contains("Java 21"));
    }

    /** Neither bundle is there; that for a later Java is not even looked for. */
    @Test
    void aBundleForALaterJavaIsLeftOut(@TempDir Path folder) throws Exception {
        Path dist = Files.createDirectories(folder.resolve("dist/features")).getParent();
        Files.writeString(dist.resolve("features/default.json"), "{\"bundles\": []}");
        Files.writeString(
                dist.resolve("features/more.json"),
                "{\"bundles\": [{\"id\": \"x:later:1.0\", \"java\": 999}, {\"id\": \"x:now:1.0\", \"java\": 21}]}");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Dforge.dist=" + dist,
                        "-cp",
                        System.getProperty("forge.dist") + "/lib/*",
                        "forge.ai.runtime.launcher.Main",
                        "run",
                        "--home",
                        folder.resolve("home").toString(),
                        "--feature",
                        "more")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isNotZero();
        assertThat(printed).contains("x:now:1.0").doesNotContain("x:later:1.0");
    }

    private static void assertOneLine(ForgeProcess.Ended ended, int status, Object... told) {
        assertThat(ended.err().lines()).singleElement().satisfies(line -> {
            assertThat(line).startsWith("forge: ");
            Stream.of(told).forEach(t -> assertThat(line).contains(t.toString()));
        });
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.out()).isEmpty();
    }

    /** What the start script looks at in a Java; nothing starts it. */
    private static Path javaFolder(Path folder, String version) throws IOException {
        Files.createDirectories(folder.resolve("bin"));
        for (String tool : List.of("java", "javac")) {
            executable(folder.resolve("bin").resolve(tool));
        }
        Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return folder;
    }

    /** A folder with what the script needs and no Java. */
    private static Path tools(Path folder) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : TOOLS) {
            Path found = Stream.of(System.getenv("PATH").split(":"))
                    .map(p -> Path.of(p).resolve(tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.writeString(executable(tools.resolve(tool)), "#!/bin/sh\nexec " + found + " \"$@\"\n");
        }
        return tools;
    }

    private static Path executable(Path file) throws IOException {
        return Files.createFile(
                file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }

    private static Optional<Path> javaBefore21() throws IOException {
        Path all = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(all)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(all)) {
            return folders.filter(f -> Files.isRegularFile(f.resolve("release")))
                    .filter(LauncherIT::before21)
                    .findFirst();
        }
    }

    private static boolean before21(Path java) {
        try {
            return Files.readString(java.resolve("release")).contains("JAVA_VERSION=\"17");
        } catch (IOException e) {
            return false;
        }
    }
}
