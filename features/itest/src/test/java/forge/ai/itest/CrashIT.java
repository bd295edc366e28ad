package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A runtime that is killed right after it said that something is done has done it when it starts again. */
class CrashIT {

    private static final String ROUTE = "forge.ai.route~counter";

    private static final Duration LIMIT = Duration.ofSeconds(30);

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

    /** Changes go on while it is killed: what is there then is the last that was acknowledged, or the one under way. */
    @Test
    void aKillAtAnyMomentLosesNothingAcknowledged() throws Exception {
        int acknowledged = 0;
        int begun = 0;
        for (int round = 0; round < 3; round++) {
            try (ForgeProcess forge = ForgeProcess.start(home())) {
                if (begun > 0) {
                    assertThat(inForce(forge)).isBetween(acknowledged, begun);
                    assertThat(forge.exec("ai:deployments").out()).doesNotContain("FAILED");
                }
                Changes changes = new Changes(forge, begun);
                Thread thread = Thread.ofVirtual().start(changes);
                int wanted = begun + 1 + round;
                Await.until("changes are made", LIMIT, () -> changes.acknowledged >= wanted);
                // Somewhere in the next change.
                Await.until("a moment", LIMIT, atRandom());
                forge.kill();
                assertThat(thread.join(LIMIT)).isTrue();
                acknowledged = changes.acknowledged;
                begun = changes.begun;
            }
        }
    }

    /** It is killed while a model is loaded, and starts again with the same models, label and traffic. */
    @Test
    void aKillWhileModelsAreLoadedLosesNoModelAndNoLabel() throws IOException {
        run(forge -> {
            copyOfDigits(2);
            Await.until("version 2 serves", LIMIT, () -> ready(forge, 2));
            acknowledged(forge, "ai:label digits stable 1");
            acknowledged(forge, "ai:traffic digits 1=3 2=1");
        });
        for (int round = 0; round < 2; round++) {
            int version = 3 + round;
            run(forge -> {
                copyOfDigits(version);
                Await.until("a moment", LIMIT, atRandom());
            });
        }
        try (ForgeProcess forge = ForgeProcess.start(home())) {
            Await.until("version 2 serves", LIMIT, () -> ready(forge, 2));
            assertThat(forge.exec("ai:models --json").out()).doesNotContain("FAILED");
            assertThat(forge.exec("ai:models").out()).containsPattern("digits +1 +READY.*stable");
            assertThat(forge.exec("ai:traffic --json digits").out())
                    .contains("\"version\":\"1\",\"weight\":3", "\"version\":\"2\",\"weight\":1");
        }
    }

    private static boolean ready(ForgeProcess forge, int version) {
        return forge.exec("ai:models").out().lines().anyMatch(line -> line.matches("digits +" + version + " +READY.*"));
    }

    private void copyOfDigits(int version) throws IOException {
        Path model = home().resolve("models/digits");
        Path making = Files.createDirectories(model.resolve(".making"));
        Files.copy(model.resolve("1/model.onnx"), making.resolve("model.onnx"));
        Files.move(making, model.resolve(Integer.toString(version)));
    }

    private static BooleanSupplier atRandom() {
        long moment = System.nanoTime() + ThreadLocalRandom.current().nextLong(300_000_000);
        return () -> System.nanoTime() - moment > 0;
    }

    /** Says which change is in force. */
    private static int inForce(ForgeProcess forge) {
        Matcher attempts = Pattern.compile("attempts +(\\d+)")
                .matcher(forge.exec("ai:config " + ROUTE).out());
        assertThat(attempts.find()).isTrue();
        return Integer.parseInt(attempts.group(1));
    }

    /** One change after the other, until the runtime does not answer. */
    private static final class Changes implements Runnable {
        private final ForgeProcess forge;
        private volatile int begun;
        private volatile int acknowledged;

        private Changes(ForgeProcess forge, int begun) {
            this.forge = forge;
            this.begun = begun;
            this.acknowledged = begun;
        }

        @Override
        public void run() {
            do {
                begun++;
                String command = "ai:config " + ROUTE + " targets=local/tiny-gpt attempts=" + begun;
                if (forge.exec(command).status() == 0) {
                    acknowledged = begun;
                }
            } while (acknowledged == begun);
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
