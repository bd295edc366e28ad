package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.console.shell.Shell.Answer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands in a framework with the services that they are about. */
@Timeout(120)
class CommandsIT {

    @TempDir
    private Path home;

    @Test
    void aChatIsShown() throws Exception {
        try (Shell shell = Shell.start(home)) {
            assertThat(shell.exec("ai:chat talk/echo hello there 007 1.50"))
                    .isEqualTo(new Answer(0, "USER: hello there 007 1.50\n", ""));
            assertThat(shell.exec("chat --system 'be brief' talk/echo 'grüße --json'"))
                    .isEqualTo(new Answer(0, "SYSTEM: be brief\nUSER: grüße --json\n", ""));
            assertThat(shell.json("ai:chat --json talk/echo hello").toString())
                    .isEqualTo("{\"model\":\"echo\",\"provider\":\"talk\",\"route\":\"\",\"attempts\":1,"
                            + "\"text\":\"USER: hello\",\"finish\":\"stop\",\"inputTokens\":3,\"outputTokens\":5}");
        }
    }

    @Test
    void aWrongWordGivesOneLineWithTheUsage() throws Exception {
        try (Shell shell = Shell.start(home)) {
            assertThat(shell.exec("ai:chat talk/echo"))
                    .isEqualTo(new Answer(
                            1,
                            "",
                            "error: TEXT is missing; usage: ai:chat [--json] [--system TEXT] [--max-tokens N]"
                                    + " [--temperature X] MODEL TEXT...\n"));
            assertThat(shell.exec("ai:models --yaml").err())
                    .isEqualTo("error: there is no option --yaml; usage: ai:models [--json]\n");
            assertThat(shell.exec("ai:chat nobody/m hello").err())
                    .startsWith("error: ")
                    .contains("nobody");
        }
    }

    @Test
    void providersAndModelsAreListedAsATableAndAsJson() throws Exception {
        Files.createDirectories(home.resolve("models/digits/1"));
        Files.writeString(home.resolve("models/digits/config.json"), "{\"backend\": \"missing\"}");
        Files.writeString(home.resolve("models/digits/1/model.bin"), "no model");
        try (Shell shell = Shell.start(home)) {
            assertThat(shell.exec("ai:providers").lines().getFirst()).startsWith("PROVIDER  HEALTHY  ACTIVE  SINCE");
            assertThat(shell.json("ai:providers --json").get(0).get("provider").asText())
                    .isEqualTo("talk");
            Shell.await(() -> shell.json("ai:models --json").size() == 1);
            assertThat(shell.json("ai:models --json").get(0).get("model").asText())
                    .isEqualTo("digits");
            assertThat(shell.exec("ai:models", 40).lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(40));
        }
    }

    @Test
    void aClientThatGoesAwayEndsTheChat() throws Exception {
        System.clearProperty("talk.closed");
        try (Shell shell = Shell.start(home)) {
            PrintStream closing = new PrintStream(new OutputStream() {
                @Override
                public void write(int b) throws java.io.IOException {
                    throw new java.io.IOException("closed");
                }
            });
            int status = forge.ai.console.channel.client.ExecClient.exec(
                    home,
                    "ai:chat talk/endless go",
                    80,
                    closing,
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            assertThat(status).isEqualTo(1);
            Shell.await(() -> "yes".equals(System.getProperty("talk.closed")));
        }
    }
}
