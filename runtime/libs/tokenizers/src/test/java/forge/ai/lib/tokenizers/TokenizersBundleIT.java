package forge.ai.lib.tokenizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import forge.ai.runtime.testkit.BundleJar;
import forge.ai.runtime.testkit.ChildJvm;
import forge.ai.runtime.testkit.OsgiFramework;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizersBundleIT {

    private final Path models = Path.of(System.getProperty("forge.shared"), "models/hf");

    @TempDir
    private Path folder;

    @BeforeEach
    void needsTheModels() {
        assumeTrue(Files.exists(models), () -> "no " + models);
    }

    @Test
    void idsEqualThoseOfTheReferenceAndNothingIsLeftOutsideOfTheFramework() throws Exception {
        List<String> expected = new ArrayList<>();
        for (Case one : cases(models)) {
            expected.add("ids " + Arrays.toString(one.ids()));
        }
        assertThat(expected).hasSizeGreaterThan(10);

        ChildJvm child = ChildJvm.run(
                folder, InFramework.class, folder.resolve("framework").toString(), models.toString());

        assertThat(child.exit()).as(() -> String.join("\n", child.output())).isZero();
        assertThat(child.output().stream().filter(line -> line.startsWith("ids ")))
                .containsExactlyElementsOf(expected);
        assertThat(child.output()).contains("text \uD83D\uDE00 na\u00efve");
        assertThat(child.files()).isEmpty();
        assertThat(child.output()).noneMatch(line -> line.startsWith("open socket:"));
    }

    private record Case(Path tokenizer, String text, long[] ids) {}

    private static List<Case> cases(Path models) throws Exception {
        List<Case> cases = new ArrayList<>();
        Path gpt = models.resolve("tiny-gpt");
        JsonNode expected =
                new ObjectMapper().readTree(gpt.resolve("expected.json").toFile());
        for (JsonNode one : expected.get("tokenize")) {
            cases.add(new Case(tokenizer(gpt), one.get("text").textValue(), longs(one.get("ids"))));
        }
        for (JsonNode one : expected.get("cases")) {
            cases.add(new Case(tokenizer(gpt), one.get("prompt").textValue(), longs(one.get("ids"))));
        }
        Path sentiment = models.resolve("tiny-sentiment");
        expected =
                new ObjectMapper().readTree(sentiment.resolve("expected.json").toFile());
        for (int i = 0; i < expected.get("texts").size(); i++) {
            cases.add(new Case(
                    tokenizer(sentiment),
                    expected.get("texts").get(i).textValue(),
                    longs(expected.get("token_ids").get(i))));
        }
        return cases;
    }

    private static Path tokenizer(Path model) {
        return model.resolve("tokenizer.json");
    }

    private static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
    }

    static final class InFramework implements ChildJvm.Work {

        @Override
        public void run(String... args) throws Exception {
            OsgiFramework framework = OsgiFramework.start(Path.of(args[0]));
            framework.start("forge.ai.lib.tokenizers");
            framework.start(new BundleJar(
                    "probe",
                    Map.of(
                            "Import-Package",
                            "ai.djl.huggingface.tokenizers;version=\"[0.38,1)\",org.osgi.framework",
                            "Bundle-Activator",
                            EncodingProbe.class.getName()),
                    EncodingProbe.class));
            @SuppressWarnings("unchecked")
            BiFunction<Path, String, Map.Entry<long[], String>> encode =
                    framework.await(BiFunction.class, "(of=probe)", Duration.ofSeconds(10));
            Path models = Path.of(args[1]);
            for (Case one : cases(models)) {
                System.out.println("ids "
                        + Arrays.toString(
                                encode.apply(one.tokenizer(), one.text()).getKey()));
            }
            String beyond = "\uD83D\uDE00 na\u00efve";
            System.out.println("text "
                    + encode.apply(tokenizer(models.resolve("tiny-gpt")), beyond)
                            .getValue());
            ChildJvm.openFiles().forEach(file -> System.out.println("open " + file));
        }
    }
}
