package forge.ai.itest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The models that every home starts with, asked over HTTP. */
class SampleModelsIT {

    private static final int PIXELS = 64;

    @TempDir
    static Path home;

    private static ForgeProcess forge;
    private static JsonClient client;

    @BeforeAll
    static void start() {
        forge = ForgeProcess.start(home);
        client = new JsonClient(forge.http());
    }

    @AfterAll
    static void stop() {
        forge.close();
    }

    private record Digit(float[] pixels, int label) {}

    @Test
    void digitsAreRecognised() throws IOException {
        List<Digit> digits = digits(Shared.path("data/digits/digits.csv.gz"));
        assertThat(digits).hasSize(1797);
        int right = 0;
        for (int from = 0; from < digits.size(); from += 50) {
            List<Digit> batch = digits.subList(from, Math.min(from + 50, digits.size()));
            right += right(batch);
        }
        assertThat((double) right / digits.size()).isGreaterThanOrEqualTo(0.95);
        System.out.printf("digits: %d of %d right%n", right, digits.size());
    }

    @Test
    void oneDigitAloneIsRecognised() throws IOException {
        List<Digit> digits = digits(Shared.path("data/digits/digits.csv.gz")).subList(0, 100);
        long right = digits.stream().filter(d -> right(List.of(d)) == 1).count();
        assertThat(right).isGreaterThanOrEqualTo(95);
    }

    @Test
    void greedyTextOfTinyGptIsThatOfItsFramework() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Shared.path("models/hf/tiny-gpt/expected.json").toFile());
        List<JsonNode> cases = cases(expected);
        assertThat(cases).isNotEmpty();
        for (JsonNode c : cases) {
            String prompt = c.get("prompt").textValue();
            String text = c.get("text").textValue();
            Map<String, Object> options = Map.of("model", "local/tiny-gpt", "temperature", 0, "max_tokens", 24);
            Map<String, Object> completion = with(options, Map.of("prompt", prompt));
            Map<String, Object> chat =
                    with(options, Map.of("messages", List.of(Map.of("role", "user", "content", prompt))));
            assertThat(client.post("/v1/completions", completion)
                            .body()
                            .at("/choices/0/text")
                            .textValue())
                    .isEqualTo(text);
            assertThat(client.post("/v1/chat/completions", chat)
                            .body()
                            .at("/choices/0/message/content")
                            .textValue())
                    .isEqualTo(text);
            assertThat(joined(client.stream("/v1/completions", streamed(completion)), "/choices/0/text"))
                    .isEqualTo(text);
            assertThat(joined(client.stream("/v1/chat/completions", streamed(chat)), "/choices/0/delta/content"))
                    .isEqualTo(text);
        }
    }

    private static int right(List<Digit> batch) {
        List<Float> data = new ArrayList<>();
        batch.forEach(d -> {
            for (float pixel : d.pixels()) {
                data.add(pixel);
            }
        });
        JsonNode output = client.post(
                        "/v2/models/digits/infer",
                        Map.of(
                                "inputs",
                                List.of(Map.of(
                                        "name",
                                        "image",
                                        "datatype",
                                        "FP32",
                                        "shape",
                                        List.of(batch.size(), 1, 8, 8),
                                        "data",
                                        data))))
                .body()
                .at("/outputs/0");
        assertThat(output.path("name").asText()).isEqualTo("logits");
        int right = 0;
        for (int i = 0; i < batch.size(); i++) {
            int best = 0;
            for (int k = 1; k < 10; k++) {
                if (output.get("data").get(i * 10 + k).floatValue()
                        > output.get("data").get(i * 10 + best).floatValue()) {
                    best = k;
                }
            }
            right += best == batch.get(i).label() ? 1 : 0;
        }
        return right;
    }

    private static List<Digit> digits(Path file) throws IOException {
        try (var lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(l -> !l.isBlank() && Character.isDigit(l.charAt(0)))
                    .map(line -> {
                        double[] values = Arrays.stream(line.split(","))
                                .mapToDouble(Double::parseDouble)
                                .toArray();
                        float[] pixels = new float[PIXELS];
                        for (int i = 0; i < PIXELS; i++) {
                            pixels[i] = (float) (values[i] / 16);
                        }
                        return new Digit(pixels, (int) values[PIXELS]);
                    })
                    .toList();
        }
    }

    private static List<JsonNode> cases(JsonNode expected) {
        List<JsonNode> cases = new ArrayList<>();
        expected.path("cases").forEach(cases::add);
        return cases;
    }

    private static Map<String, Object> streamed(Map<String, Object> request) {
        return with(request, Map.of("stream", true));
    }

    private static Map<String, Object> with(Map<String, Object> request, Map<String, Object> more) {
        Map<String, Object> all = new java.util.HashMap<>(request);
        all.putAll(more);
        return all;
    }

    private static String joined(List<JsonNode> events, String pointer) {
        return events.stream().map(e -> e.at(pointer).asText("")).collect(Collectors.joining());
    }
}
