package forge.ai.console.channel;

import forge.ai.console.channel.client.ExecClient;
import forge.ai.console.channel.client.SocketPath;
import forge.ai.runtime.testkit.BundleJar;
import forge.ai.runtime.testkit.OsgiFramework;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/** A framework with the channel and {@link SampleCommands}, and its home folder. */
record Runtime(Path home, OsgiFramework framework) implements AutoCloseable {

    /** What a command printed and ended with. */
    record Answer(int status, String out, String err) {}

    static Runtime start(Path home) throws Exception {
        Files.createDirectories(home);
        System.setProperty("forge.home", home.toString());
        OsgiFramework framework = OsgiFramework.start(home.resolve("framework"));
        for (String bundle : new String[] {
            "org.osgi.util.function",
            "org.osgi.util.promise",
            "org.osgi.service.component",
            "org.apache.felix.gogo.runtime",
            "org.jline",
            "org.apache.felix.scr",
            "forge.ai.console.channel"
        }) {
            framework.start(bundle);
        }
        framework.start(new BundleJar(
                "samples",
                Map.of(
                        "Import-Package",
                        "org.osgi.framework,org.apache.felix.service.command",
                        "Bundle-Activator",
                        SampleCommands.class.getName()),
                SampleCommands.class));
        Runtime runtime = new Runtime(home, framework);
        await(() -> Files.exists(runtime.socket()));
        return runtime;
    }

    Path socket() {
        return home.resolve("data").resolve(SocketPath.NAME);
    }

    Answer exec(String command) {
        return exec(home, command);
    }

    static Answer exec(Path home, String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = ExecClient.exec(home, command, 100, new PrintStream(out), new PrintStream(err));
        return new Answer(status, out.toString(), err.toString());
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
