package forge.ai.itest.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import forge.ai.itest.ForgeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The official clients for Node.js of OpenAI, Anthropic and Ollama, unchanged, against a running server. */
@Timeout(300)
class NodeClientsIT {

    private static final Pattern UNREACHABLE =
            Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH");
    private static final Path PROJECT = ForgeProcess.root().resolve("features/itest/clients");

    @TempDir
    private Path folder;

    @BeforeAll
    static void wanted() {
        assumeTrue(
                Boolean.getBoolean("forge.clients"),
                "the clients for Node.js are tested with mvn -Pclients, which needs node, npm and its registry");
    }

    @Test
    void theirTestsPass() throws Exception {
        Path project = copy();
        Result installed = run(project, List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"), null);
        boolean unreachable =
                installed.status() != 0 && UNREACHABLE.matcher(installed.out()).find();
        assumeFalse(unreachable, "the registry of npm cannot be reached");
        assertThat(installed.status()).as(installed.out()).isZero();
        try (ClientsRuntime runtime = new ClientsRuntime(folder.resolve("home"))) {
            Result tested = run(
                    project,
                    List.of("node", "--test", "--test-concurrency=1", "--test-timeout=60000", "test/"),
                    runtime);
            assertThat(tested.status()).as(tested.out()).isZero();
            assertThat(tested.out()).contains("fail 0").doesNotContain("tests 0");
        }
    }

    private Path copy() throws IOException {
        Path project = folder.resolve("clients");
        List<Path> files;
        try (Stream<Path> all = Files.walk(PROJECT)) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !PROJECT.relativize(file).startsWith("node_modules"))
                    .toList();
        }
        for (Path file : files) {
            Path target = project.resolve(PROJECT.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        return project;
    }

    private record Result(int status, String out) {}

    private Result run(Path project, List<String> command, ClientsRuntime runtime) throws Exception {
        Path out = folder.resolve(command.getFirst() + ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        if (runtime != null) {
            builder.environment().put("FORGE_URL", runtime.http().toString());
            builder.environment().put("UPSTREAM_URL", runtime.upstream().toString());
        }
        Process process = builder.start();
        try {
            assertThat(process.waitFor(200, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            return new Result(process.exitValue(), Files.readString(out));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
