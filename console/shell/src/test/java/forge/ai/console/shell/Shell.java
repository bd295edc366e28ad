package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.deploy.Deployments;
import forge.ai.console.channel.client.ExecClient;
import forge.ai.console.channel.client.SocketPath;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.BundleJar;
import forge.ai.runtime.testkit.OsgiFramework;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.osgi.framework.BundleContext;

/** A runtime with the shell, a home folder and a provider, commanded as {@code ./forge exec} does it. */
final class Shell implements AutoCloseable {

    /** What a command printed and ended with. */
    record Answer(int status, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static final List<String> BUNDLES = List.of(
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "com.fasterxml.jackson.core.jackson-core",
            "com.fasterxml.jackson.core.jackson-annotations",
            "com.fasterxml.jackson.core.jackson-databind",
            "org.osgi.util.converter",
            "org.glassfish.jakarta.json",
            "org.apache.felix.cm.json",
            "org.osgi.service.feature",
            "org.apache.felix.feature",
            "org.apache.felix.configadmin",
            "org.apache.felix.gogo.runtime",
            "org.jline",
            "org.apache.felix.scr",
            "forge.ai.runtime.deploy",
            "forge.ai.runtime.ledger",
            "forge.ai.runtime.callers",
            "forge.ai.runtime.llm",
            "forge.ai.lib.lucene",
            "forge.ai.runtime.vectors",
            "forge.ai.runtime.prompts",
            "forge.ai.runtime.tools",
            "forge.ai.lib.onnxruntime",
            "forge.ai.backend.onnx",
            "forge.ai.runtime.models",
            "forge.ai.backend.onnxoptimize",
            "forge.ai.runtime.inference",
            "forge.ai.console.shell",
            "forge.ai.console.channel");

    private final Path home;
    private final OsgiFramework framework;

    private Shell(Path home, OsgiFramework framework) {
        this.home = home;
        this.framework = framework;
    }

    static Shell start(Path home) throws Exception {
        System.setProperty("forge.home", home.toString());
        OsgiFramework framework = OsgiFramework.start(
                home.resolve("framework"),
                "forge.ai.api;version=0.1.0",
                "forge.ai.api.monitoring;version=0.1.0",
                "forge.ai.api.llm;version=0.1.0",
                "forge.ai.api.vector;version=0.1.0",
                "forge.ai.api.prompt;version=0.1.0",
                "forge.ai.api.tool;version=0.1.0",
                "forge.ai.api.model;version=0.1.0",
                "forge.ai.api.tensor;version=0.1.0",
                "forge.ai.api.inference;version=0.1.0",
                "forge.ai.api.deploy;version=0.1.0");
        for (String bundle : BUNDLES) {
            framework.start(bundle);
        }
        framework.start(new BundleJar(
                "talking",
                Map.of(
                        "Import-Package",
                        "forge.ai.api,forge.ai.api.llm,org.osgi.framework",
                        "Bundle-Activator",
                        TalkingProvider.class.getName()),
                TalkingProvider.class,
                Class.forName(TalkingProvider.class.getName() + "$Endless")));
        Shell shell = new Shell(home, framework);
        await(() -> Files.exists(home.resolve("data").resolve(SocketPath.NAME)));
        // The last of the services that the commands are about.
        framework.await(Deployments.class, "(objectClass=*)", Duration.ofSeconds(20));
        return shell;
    }

    OsgiFramework framework() {
        return framework;
    }

    Path home() {
        return home;
    }

    BundleContext context() {
        return framework.context();
    }

    Answer exec(String command) {
        return exec(command, 100);
    }

    Answer exec(String command, int columns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = ExecClient.exec(home, command, columns, new PrintStream(out), new PrintStream(err));
        return new Answer(status, out.toString(), err.toString());
    }

    /** What a command that has to succeed printed, read as JSON. */
    JsonNode json(String command) throws IOException {
        Answer answer = exec(command);
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
        return Json.read(answer.out());
    }

    static void await(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within 20 s");
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws Exception {
        framework.close();
    }
}
