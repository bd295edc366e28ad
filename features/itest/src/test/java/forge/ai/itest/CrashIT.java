package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that is killed right after it said that something is done has done it when it starts again. */
class CrashIT {

    private static final String ROUTE = "forge.ai.route~counter";

    @TempDir
    Path folder;

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws IOException {
        run(forge -> {
            acknowledged(forge, "ai:deploy " + ForgeProcess.example("provider"));
            assertThat(new JsonClient(forge.http()).chat("words/count", "two words"))
                    .isEqualTo("2 words");
        });
        run(forge -> {
            assertThat(new JsonClient(forge.http()).chat("words/count", "two words"))
                    .isEqualTo("2 words");
            acknowledged(forge, "ai:config " + ROUTE + " targets=words/count attempts=1");
        });
        run(forge -> {
            assertThat(new JsonClient(forge.http()).chat("counter", "two words"))
                    .isEqualTo("2 words");
            acknowledged(forge, "ai:feature-install " + feature());
        });
        run(forge -> {
            assertThat(forge.exec("ai:feature-list").out()).contains("example:asker", "ACTIVE");
            assertThat(forge.exec("example:ask counter 'one two three'"))
                    .isEqualTo(new ForgeProcess.Ended(0, "3 words\n", ""));
            acknowledged(forge, "ai:config --delete " + ROUTE);
            acknowledged(forge, "ai:feature-remove example:asker");
            acknowledged(forge, "ai:undeploy forge.ai.example.provider");
        });
        try (ForgeProcess forge = ForgeProcess.start(home())) {
            assertThat(forge.exec("ai:deployments").out()).doesNotContain("example");
            assertThat(forge.exec("ai:providers").out()).contains("local").doesNotContain("words");
            assertThat(forge.exec("ai:routes").out()).doesNotContain("counter");
            assertThat(forge.stop()).isZero();
        }
    }

    private interface Work {
        void with(ForgeProcess forge) throws IOException;
    }

    private void run(Work work) throws IOException {
        try (ForgeProcess forge = ForgeProcess.start(home())) {
            work.with(forge);
            forge.kill();
        }
    }

    private Path home() {
        return folder.resolve("home");
    }

    private static void acknowledged(ForgeProcess forge, String command) {
        ForgeProcess.Ended ended = forge.exec(command);
        assertThat(ended.status()).as(ended.err()).isZero();
    }

    private Path feature() throws IOException {
        Path jar = ForgeProcess.example("consumer");
        Files.copy(jar, folder.resolve(jar.getFileName()));
        return Files.writeString(folder.resolve("asker.json"), """
                {
                  "feature-resource-version": "1.0",
                  "id": "example:asker:1.0.0",
                  "bundles": ["forge.ai:forge.ai.example.consumer:0.1.0-SNAPSHOT"]
                }
                """);
    }
}
