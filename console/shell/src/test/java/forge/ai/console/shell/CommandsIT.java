package forge.ai.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.model.HubPull;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.PulledModel;
import forge.ai.console.channel.client.ExecClient;
import forge.ai.console.shell.Shell.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands through the socket, with the real services that they are about; one framework, for natives load once. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsIT {

    private static final Path DIGITS = Path.of("../../features/dist/src/models/digits");

    @TempDir
    private static Path home;

    private Shell shell;

    @BeforeAll
    void start() throws Exception {
        Path model = Files.createDirectories(home.resolve("models/digits/1"));
        Files.copy(DIGITS.resolve("1/model.onnx"), model.resolve("model.onnx"));
        Files.copy(DIGITS.resolve("config.json"), home.resolve("models/digits/config.json"));
        Path broken = Files.createDirectories(home.resolve("models/broken/3"));
        Files.writeString(broken.resolve("model.onnx"), "no model");
        Path features = Files.createDirectories(home.resolve("dist/features"));
        Files.writeString(features.resolve("offered.json"), feature("offered"));
        System.setProperty("forge.dist", home.resolve("dist").toString());
        shell = Shell.start(home);
        Shell.await(() -> shell.exec("ai:models").out().contains("FAILED"));
        assertThat(shell.exec("ai:load digits")).isEqualTo(new Answer(0, "digits is loaded\n", ""));
    }

    @AfterAll
    void stop() throws Exception {
        shell.close();
    }

    @Test
    void aChatIsShown() throws Exception {
        assertThat(shell.exec("ai:chat talk/echo hello there 007 1.50"))
                .isEqualTo(new Answer(0, "USER: hello there 007 1.50\n", ""));
        assertThat(shell.exec("chat --system 'be brief' talk/echo 'grüße --json'"))
                .isEqualTo(new Answer(0, "SYSTEM: be brief\nUSER: grüße --json\n", ""));
        assertThat(shell.json("ai:chat --json talk/echo hello").toString())
                .isEqualTo("{\"model\":\"echo\",\"provider\":\"talk\",\"route\":\"\",\"attempts\":1,"
                        + "\"text\":\"USER: hello\",\"finish\":\"stop\",\"inputTokens\":3,\"outputTokens\":5}");
    }

    @Test
    void anAnswerCannotControlTheTerminal() {
        String text = "a\tb\u001b]0;title\u0007c\u009b2J";
        assertThat(shell.exec("ai:chat talk/echo '" + text + "'", 80).out()).isEqualTo("USER: a\tb]0;titlec2J\n");
        assertThat(shell.exec("ai:chat talk/echo '" + text + "'", 0).out()).isEqualTo("USER: " + text + "\n");
    }

    @Test
    void aWrongWordGivesOneLineWithTheUsage() {
        assertThat(shell.exec("ai:chat talk/echo"))
                .isEqualTo(new Answer(
                        1,
                        "",
                        "error: TEXT is missing; usage: ai:chat [--json] [--system TEXT] [--max-tokens N]"
                                + " [--temperature X] MODEL TEXT...\n"));
        assertThat(shell.exec("ai:models --yaml").err())
                .isEqualTo("error: there is no option --yaml; usage: ai:models [--json]\n");
        assertThat(shell.exec("ai:load digits iris").err())
                .isEqualTo("error: 'iris' is too much; usage: ai:load MODEL\n");
        assertThat(shell.exec("ai:label digits stable two").err())
                .startsWith("error: VERSION has to be a whole number");
        assertThat(shell.exec("ai:chat nobody/m hello").err())
                .startsWith("error: ")
                .contains("nobody");
    }

    @Test
    void providersAndWhatTheyOfferAreListed() throws Exception {
        assertThat(shell.exec("ai:providers").lines().getFirst()).startsWith("PROVIDER  HEALTHY  ACTIVE  SINCE");
        assertThat(shell.json("ai:providers --json").findValuesAsText("provider"))
                .containsExactly("talk");
        assertThat(shell.json("ai:llm-models --json").findValuesAsText("model")).contains("talk/echo", "talk/endless");
        assertThat(shell.json("ai:routes --json")).isEmpty();
    }

    @Test
    void promptsAreListedAndFilled() throws Exception {
        Files.writeString(Files.createDirectories(home.resolve("conf")).resolve("forge.ai.prompt~greet.cfg.json"), """
                {"description": "greets", "messages": [{"role": "system", "text": "Be {{how}}."},
                 {"role": "user", "text": "Greet {{names}}"}],
                 "variables": {"how": {"type": "enum", "values": ["kind", "brief"]}, "names": {"type": "list"}}}""");
        Shell.await(() -> shell.exec("ai:prompts").out().contains("greet"));
        assertThat(shell.json("ai:prompts --json").toString())
                .isEqualTo("[{\"prompt\":\"greet\",\"variables\":[\"how\",\"names\"],\"description\":\"greets\"}]");
        assertThat(shell.exec("ai:prompt greet how=kind names=Ann 'names={{how}}'"))
                .isEqualTo(new Answer(0, "system: Be kind.\nuser: Greet Ann, {{how}}\n", ""));
        assertThat(shell.json("ai:prompt --json greet how=brief names=Ann")
                        .get(1)
                        .toString())
                .isEqualTo("{\"role\":\"user\",\"text\":\"Greet Ann\"}");
        assertThat(shell.exec("ai:prompt greet how=rude").err())
                .startsWith("error: prompt 'greet': 'how' is not allowed; allowed is one of kind, brief; 'names' is")
                .hasLineCount(1);
        assertThat(shell.exec("ai:prompt nothing").err()).contains("no prompt 'nothing'; there are: greet");
    }

    @Test
    void toolsAreListed() throws Exception {
        assertThat(shell.json("ai:tools --json")).isEmpty();
    }

    @Test
    void aPullIsShownByItsStatusesAndTenths() throws Exception {
        assertThat(shell.exec("ai:pull talk/parrot:1b", 0).lines())
                .containsExactly(
                        "pulling manifest",
                        "pulling p: 0 % of 1.2 GB",
                        "pulling p: 55 % of 1.2 GB",
                        "pulling p: 100 % of 1.2 GB",
                        "success");
        assertThat(shell.exec("ai:pull talk/parrot:1b").out())
                .as("on a terminal")
                .contains("\r[###########---------] 55 %");
        assertThat(shell.exec("ai:pull --json talk/parrot:1b").lines())
                .hasSize(7)
                .contains("{\"status\":\"pulling p\",\"part\":\"p\",\"completedBytes\":12000000,"
                        + "\"totalBytes\":1200000000}");
        assertThat(shell.exec("ai:pull talk/owl").err()).contains("there is no owl");
        assertThat(shell.exec("ai:pull nobody/owl").err()).contains("no provider 'nobody' with a store");
        assertThat(shell.exec("ai:pull owl").err()).contains("expected PROVIDER/MODEL or hf:OWNER/MODEL");
        assertThat(shell.exec("ai:_complete pull ta").out().strip()).isEqualTo("talk/");
    }

    @Test
    void aPullFromAHubIsShownByItsFilesAndSaysWhatCameOfIt() throws Exception {
        assertThat(shell.exec("ai:pull hf:acme/tiny").err()).contains("no hub 'hf:'");
        List<HubPull> asked = new ArrayList<>();
        ModelHub hub = (pull, listener) -> {
            asked.add(pull);
            listener.accept(new PullProgress("asking for acme/tiny", "", 0, OptionalLong.empty()));
            listener.accept(new PullProgress("pulling model.onnx", "model.onnx", 0, OptionalLong.of(2000)));
            listener.accept(new PullProgress("pulling model.onnx", "model.onnx", 2000, OptionalLong.of(2000)));
            return new PulledModel("tiny", 3, "a".repeat(40), 2000, true);
        };
        var registration =
                shell.context().registerService(ModelHub.class, hub, new Hashtable<>(Map.of(ModelHub.SCHEME, "hf")));
        try {
            assertThat(shell.exec("ai:pull --as small --variant fp16 --backend onnx hf:acme/tiny@v1", 0)
                            .lines())
                    .containsExactly(
                            "asking for acme/tiny",
                            "pulling model.onnx: 0 % of 2.0 kB",
                            "pulling model.onnx: 100 % of 2.0 kB",
                            "tiny version 3 is in the repository");
            assertThat(asked).containsExactly(new HubPull("acme/tiny", "v1", "small", "fp16", "onnx"));
            assertThat(shell.exec("ai:pull hf:../x").err()).contains("OWNER/MODEL");
            assertThat(shell.exec("ai:pull --as x talk/parrot:1b").err()).contains("for models of a hub");
            assertThat(shell.exec("ai:_complete pull h").lines()).contains("hf:");
        } finally {
            registration.unregister();
        }
    }

    @Test
    void anEmbeddingIsShown() throws Exception {
        assertThat(shell.exec("ai:embed talk/echo abc").out()).isEqualTo("3 numbers: 97.0000 98.0000 99.0000\n");
        assertThat(shell.json("ai:embed --json talk/echo abc")).hasSize(3);
    }

    @Test
    void textsAreKeptAndTheNearestFound() throws Exception {
        assertThat(shell.exec("ai:collection-create --metric euclidean words talk/echo")
                        .out())
                .isEqualTo("words: 4 dimensions\n");
        assertThat(shell.exec("ai:collection-put words 1 abcd").status()).isZero();
        assertThat(shell.exec("ai:collection-put words 2 zzzz").status()).isZero();
        assertThat(shell.json("ai:collections --json").get(0).get("entries").intValue())
                .isEqualTo(2);
        assertThat(shell.exec("ai:search --k 1 words abce").lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("ID +SCORE +TEXT"),
                        line -> assertThat(line).matches("1 +1.0 +abcd"));
        assertThat(shell.json("ai:search --json --exact words zzzy").findValuesAsText("id"))
                .containsExactly("2", "1");
        assertThat(shell.exec("ai:search words abc").err()).contains("3 dimensions: collection 'words' has 4");
        assertThat(shell.exec("ai:collection-create --metric nearest w talk/echo")
                        .err())
                .contains("no metric 'nearest'");
        assertThat(shell.exec("ai:collection-drop words").status()).isZero();
        assertThat(shell.json("ai:collections --json")).isEmpty();
    }

    @Test
    void modelsAreListedWithinTheWidthOfTheTerminal() throws Exception {
        JsonNode models = shell.json("ai:models --json");
        assertThat(models.findValuesAsText("model")).containsExactly("broken", "digits");
        assertThat(models.findValuesAsText("state")).contains("FAILED");
        assertThat(models.get(0).get("version").isIntegralNumber()).isTrue();
        assertThat(shell.exec("ai:models", 50).lines())
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(50))
                .anySatisfy(line -> assertThat(line).contains("…"));
        assertThat(shell.exec("ai:models", 0).out()).doesNotContain("…");
    }

    @Test
    void aModelIsUnloadedLoadedAndLabelled() throws Exception {
        assertThat(shell.exec("ai:unload digits").out()).isEqualTo("digits is unloaded\n");
        assertThat(shell.exec("ai:infer digits '[]'").err()).startsWith("error: ");
        assertThat(shell.exec("ai:load digits").out()).isEqualTo("digits is loaded\n");
        assertThat(shell.exec("ai:label digits canary 1").out()).isEqualTo("digits canary is version 1\n");
        assertThat(shell.json("ai:models --json").get(1).get("labels").toString())
                .isEqualTo("[\"canary\"]");
        assertThat(shell.exec("ai:load nothing").err()).startsWith("error: ").contains("nothing");
    }

    /** The roundings of 8 bits are more than no difference at all, so that the repository stays as it is. */
    @Test
    void anOptimisedModelIsComparedBeforeItIsWritten() throws Exception {
        Shell.Answer answer = shell.exec("ai:optimize --int8 --tolerance 0 digits");

        assertThat(answer.lines()).hasSize(4);
        assertThat(answer.out()).contains("1 matrices", "times as quick", "digits version 1 stays as it is");
        assertThat(answer.err()).startsWith("error: nothing was written");
        assertThat(answer.status()).isEqualTo(1);
        assertThat(shell.exec("ai:optimize --tolerance little digits").err()).contains("--tolerance", "little");
        assertThat(shell.exec("ai:optimize nothing").err())
                .startsWith("error: ")
                .contains("nothing");
    }

    @Test
    void trafficAndShadowOfAModelAreSetShownAndEnded() throws Exception {
        assertThat(shell.json("ai:traffic --json digits 1=3").toString())
                .isEqualTo("[{\"version\":\"1\",\"weight\":3,\"percent\":100.0}]");
        assertThat(shell.exec("ai:traffic digits").out()).contains("VERSION", "WEIGHT", "100.0");
        assertThat(shell.exec("ai:traffic digits 7=1").err()).contains("no version 7");
        assertThat(shell.exec("ai:traffic digits 1=many").err()).contains("has to be a whole number");
        assertThat(shell.json("ai:traffic --json --off digits")).isEmpty();
        assertThat(shell.json("ai:shadow --json --percent 50 digits 1")).isEmpty();
        assertThat(shell.exec("ai:shadow --percent 101 digits 1").err()).contains("allowed is 0 to 100");
        assertThat(shell.exec("ai:shadow digits 7").err()).contains("no version 7");
        assertThat(shell.exec("ai:shadow nothing").err()).contains("no model nothing");
        assertThat(shell.json("ai:shadow --json --off digits")).isEmpty();
    }

    @Test
    void aModelComputesFromEveryFormOfJson() throws Exception {
        String row = String.join(",", Collections.nCopies(8, "0.5"));
        String image = "[[" + String.join(",", Collections.nCopies(8, "[" + row + "]")) + "]]";
        JsonNode signature = shell.json("ai:infer --json digits '" + image + "'");
        assertThat(signature.get("model_version").asText()).isEqualTo("1");
        JsonNode output = signature.get("outputs").get(0);
        assertThat(output.get("datatype").asText()).isEqualTo("FP32");
        assertThat(output.get("data")).hasSize(10);

        List<String> flat = new ArrayList<>(Collections.nCopies(64, "0.5"));
        String input = inputName();
        assertThat(shell.json("ai:infer --json digits '{\"" + input + "\": " + image + "}'"))
                .isEqualTo(signature);
        assertThat(shell.json("ai:infer --json --version 1 digits '{\"inputs\": [{\"name\": \"" + input
                        + "\", \"shape\": [1, 1, 8, 8], \"datatype\": \"FP32\", \"data\": " + flat + "}]}'"))
                .isEqualTo(signature);
        assertThat(shell.exec("ai:infer digits '" + image + "'", 60).lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60));
        assertThat(shell.exec("ai:infer digits '{\"no\": 1}'").err()).contains("no input 'no'", input);
        assertThat(shell.exec("ai:infer digits '[1,'").err()).startsWith("error: JSON has to be one JSON value");
        assertThat(shell.exec("ai:infer digits [1 2]").err()).contains("single quotes");
    }

    private String inputName() {
        String error = shell.exec("ai:infer digits '{\"no\": 1}'").err();
        return error.substring(error.indexOf('[') + 1, error.indexOf(" FP32"));
    }

    @Test
    void aBundleIsDeployedFromAFileAndFromAUrl() throws Exception {
        Path jar = jar("x.sample", "1.0.0");
        assertThat(shell.exec("ai:deploy '" + jar + "'")).isEqualTo(new Answer(0, "x.sample 1.0.0 is in force\n", ""));
        assertThat(shell.json("ai:deployments --json").findValuesAsText("name")).contains("x.sample");
        assertThat(shell.exec("ai:undeploy x.sample").out()).isEqualTo("x.sample is taken out\n");
        assertThat(shell.json("ai:deployments --json").findValuesAsText("name")).doesNotContain("x.sample");
        assertThat(shell.exec("ai:deploy nowhere.jar").err()).startsWith("error: there is no file");

        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = exchange.getRequestURI().getPath().equals("/y.sample.jar")
                    ? Files.readAllBytes(jar("y.sample", "2.0.0"))
                    : new byte[0];
            exchange.sendResponseHeaders(bytes.length > 0 ? 200 : 404, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            assertThat(shell.exec("ai:deploy " + url + "y.sample.jar").out()).isEqualTo("y.sample 2.0.0 is in force\n");
            assertThat(shell.exec("ai:deploy " + url + "z.jar").err())
                    .isEqualTo("error: 127.0.0.1 answered with status 404\n");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aConfigurationIsChangedAndSecretsAreNotShown() throws Exception {
        assertThat(shell.exec("ai:config x.sample size=3 apiKey=hush 'names=a' 'names=b c'"))
                .isEqualTo(new Answer(0, "x.sample is in force\n", ""));
        assertThat(Files.readString(home.resolve("conf/x.sample.cfg.json"))).contains("hush");
        assertThat(shell.exec("ai:config x.sample").lines())
                .containsExactly("KEY     VALUE", "apiKey  ***", "names   a, b c", "size    3");
        assertThat(shell.exec("ai:config x.sample size=").status()).isZero();
        assertThat(shell.json("ai:config x.sample --json").findValuesAsText("key"))
                .containsExactly("apiKey", "names");
        assertThat(shell.json("ai:config --json").findValuesAsText("pid")).contains("x.sample");
        assertThat(shell.exec("ai:config x.sample hush").err()).doesNotContain("hush");
        assertThat(shell.exec("ai:config --delete x.sample").out()).isEqualTo("the file of x.sample is deleted\n");
        assertThat(shell.exec("ai:config x.sample").err()).startsWith("error: there is no configuration");
    }

    @Test
    void theLogHoldsNothingOfWhatWasTyped() throws Exception {
        shell.exec("ai:config x.logged apiKey=hush-hush");
        shell.exec("ai:config --delete x.logged");
        assertThat(Files.readString(Path.of("target/test.log")))
                .contains("x.logged")
                .doesNotContain("hush-hush");
    }

    @Test
    void featuresOfTheDistributionAndFromFilesAreInstalledAndTakenOut() throws Exception {
        assertThat(shell.json("ai:feature-list --json").findValuesAsText("feature"))
                .contains("offered");
        assertThat(shell.exec("ai:feature-install offered"))
                .isEqualTo(new Answer(0, "sample:offered 1.0.0 is in force\n", ""));
        assertThat(shell.json("ai:config sample.offered --json").toString())
                .isEqualTo("[{\"key\":\"size\",\"value\":3}]");
        Path file = home.resolve("own.json");
        Files.writeString(file, feature("own"));
        assertThat(shell.exec("ai:feature-install '" + file + "'").out()).isEqualTo("sample:own 1.0.0 is in force\n");
        assertThat(shell.json("ai:feature-list --json").findValuesAsText("feature"))
                .contains("sample:own", "sample:offered")
                .doesNotContain("offered");
        assertThat(shell.exec("ai:_complete feature-remove sam").lines()).contains("sample:own", "sample:offered");
        assertThat(shell.exec("ai:feature-remove own").out()).isEqualTo("sample:own is taken out\n");
        assertThat(shell.exec("ai:feature-remove sample:offered").out()).isEqualTo("sample:offered is taken out\n");
        assertThat(shell.exec("ai:config sample.offered").status()).isEqualTo(1);
        assertThat(shell.exec("ai:feature-remove own").err())
                .startsWith("error: ")
                .contains("own");
        assertThat(shell.exec("ai:feature-install nothing").err())
                .startsWith("error: ")
                .contains("nothing");
    }

    private static String feature(String name) {
        return """
            {"feature-resource-version": "1.0", "id": "sample:%1$s:1.0.0",
             "configurations": {"sample.%1$s": {"size": 3}}}
            """.formatted(name);
    }

    @Test
    void wordsAreCompleted() throws Exception {
        assertThat(shell.exec("ai:_complete chat ta").lines()).contains("talk/echo", "talk/endless");
        assertThat(shell.exec("ai:_complete chat --system brief ta").lines()).contains("talk/echo");
        assertThat(shell.exec("ai:_complete chat talk/echo wor").out().strip()).isEmpty();
        assertThat(shell.exec("ai:_complete load d").lines()).contains("digits", "broken");
        assertThat(shell.exec("ai:_complete chat --json --m").lines())
                .contains("--max-tokens", "--system")
                .doesNotContain("--json");
        Path jar = jar("complete.me", "1.0.0");
        assertThat(shell.exec("ai:_complete deploy '" + home + "/compl'").lines())
                .contains(jar.toString());
        assertThat(shell.exec("ai:_complete nothing x").out().strip()).isEmpty();
    }

    @Test
    void helpSaysWhatThereIs() throws Exception {
        assertThat(shell.exec("help").lines())
                .anyMatch(line -> line.matches("ai:feature-install +installs a feature .*"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(shell.json("ai:help --json").findValuesAsText("command"))
                .contains("ai:chat", "ai:models", "ai:config", "ai:infer", "ai:deploy");
        assertThat(shell.exec("ai:help load").out())
                .isEqualTo(shell.exec("ai:load --help").out())
                .startsWith("usage: ai:load MODEL\n");
    }

    @Test
    void aClientThatGoesAwayEndsTheChat() throws Exception {
        System.clearProperty("talk.closed");
        PrintStream closing = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        });
        int status = ExecClient.exec(
                home, "ai:chat talk/endless go", 80, closing, new PrintStream(OutputStream.nullOutputStream()));
        assertThat(status).isEqualTo(1);
        Shell.await(() -> "yes".equals(System.getProperty("talk.closed")));
    }

    private static Path jar(String name, String version) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        main.putValue("Bundle-Version", version);
        Path jar = home.resolve(name + "-" + version + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.finish();
        }
        return jar;
    }

    @Test
    void whatWasUsedIsSummedByProviderModelAndKey() throws Exception {
        shell.exec("ai:chat talk/echo counted");
        JsonNode before = used();
        shell.exec("ai:chat talk/echo counted");
        JsonNode after = used();
        assertThat(after.path("calls").asLong()).isEqualTo(before.path("calls").asLong() + 1);
        assertThat(after.path("inputTokens").asLong())
                .isEqualTo(before.path("inputTokens").asLong() + 3);
        assertThat(after.path("outputTokens").asLong())
                .isEqualTo(before.path("outputTokens").asLong() + 5);
        for (String field : List.of("key", "calls", "failed", "cancelled", "cost")) {
            assertThat(after.has(field)).as(field).isTrue();
        }
        assertThat(shell.exec("ai:usage --provider talk --since 24h").out()).contains("echo");
        assertThat(shell.json("ai:usage --json --until 2020-01-01")).isEmpty();
        assertThat(shell.json("ai:usage --json --key nobody")).isEmpty();
        assertThat(shell.exec("ai:usage --since yesterday").err()).contains("--since has to be");
    }

    private JsonNode used() throws IOException {
        JsonNode totals = shell.json("ai:usage --json --provider talk --model echo --key anonymous");
        assertThat(totals).hasSize(1);
        return totals.get(0);
    }

    @Test
    void aKeyIsShownOnceAndOnlyItsHashIsKept() throws Exception {
        Answer made = shell.exec("ai:key-create team");
        assertThat(made.status()).isZero();
        String key = made.out().strip();
        assertThat(key).matches("forge-[A-Za-z0-9_-]{43}");
        assertThat(made.err()).contains("not shown again");
        String file = Files.readString(home.resolve("conf/forge.ai.key~team.cfg.json"));
        assertThat(file).contains("sha256:").doesNotContain(key);
        assertThat(shell.exec("ai:config forge.ai.key~team").out()).doesNotContain(key);
        assertThat(shell.exec("ai:key-create team").err()).contains("--replace");
        assertThat(shell.exec("ai:config forge.ai.key~team requestsPerMinute=60 budget=2.5")
                        .status())
                .isZero();
        assertThat(shell.exec("ai:config forge.ai.key~team requestsPerMinute=-1")
                        .err())
                .contains("requestsPerMinute");
        Shell.await(() -> shell.json("ai:keys --json").toString().contains("60 of 60"));
        JsonNode row = shell.json("ai:keys --json").get(0);
        assertThat(row.path("key").asText()).isEqualTo("team");
        assertThat(row.path("roles").get(0).asText()).isEqualTo("use");
        assertThat(row.path("budget").asText()).isEqualTo("2.5");
        assertThat(shell.exec("ai:key-create --replace team").out().strip())
                .matches("forge-[A-Za-z0-9_-]{43}")
                .isNotEqualTo(key);
    }
}
