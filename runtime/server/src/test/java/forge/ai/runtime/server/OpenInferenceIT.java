package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.model.AdderOnnx;
import forge.ai.runtime.testkit.model.ModelFixtures;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Open Inference Protocol over a real connection, in front of the real engine, registry, backend and models. */
@Timeout(120)
class OpenInferenceIT {

    @TempDir
    private static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        ModelServer models = ModelServer.start(
                folder,
                Map.of(
                        "digits", "digits_cnn.onnx",
                        "iris", "iris_mlp.onnx",
                        "types", "all_dtypes.onnx",
                        "multi", "multi_io.onnx",
                        "slow", "slow_loop.onnx",
                        "broken", "neg_garbage.onnx"));
        models.put(
                folder,
                "pictures",
                """
                {"pre": [{"step": "image", "width": 8, "height": 8, "channels": 1}], "post": ["argmax"],
                 "cache": {"enabled": true}}""",
                Files.readAllBytes(ModelFixtures.folder("onnx").resolve("digits_cnn.onnx")));
        models.put(
                folder,
                "counter",
                "{\"state\": [{\"input\": \"before\", \"output\": \"after\"}]}",
                AdderOnnx.accumulator());
        server = models.server();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static JsonNode ok(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.read(response.body());
    }

    private static JsonNode infer(String model, String json) throws Exception {
        return ok(server.post("/v2/models/" + model + "/infer", json));
    }

    @Test
    void saysWhatItIsAndWhatItServes() throws Exception {
        assertThat(ok(server.get("/v2")).path("extensions").toString()).contains("binary_tensor_data");
        assertThat(ok(server.get("/v2/health/live")).path("live").asBoolean()).isTrue();
        assertThat(server.get("/v2/health/ready").statusCode()).isEqualTo(503);
        JsonNode digits = ok(server.get("/v2/models/digits"));
        assertThat(digits).isEqualTo(ok(server.get("/v2/models/digits/versions/1")));
        assertThat(digits.toString())
                .isEqualTo("{\"name\":\"digits\",\"versions\":[\"1\"],\"platform\":\"onnx\",\"inputs\":[{\"name\":"
                        + "\"image\",\"datatype\":\"FP32\",\"shape\":[-1,1,8,8]}],\"outputs\":[{\"name\":\"logits\","
                        + "\"datatype\":\"FP32\",\"shape\":[-1,10]}]}");
        assertThat(ok(server.get("/v2/models/digits/ready")).path("ready").asBoolean())
                .isTrue();
        assertThat(server.get("/v2/models/broken/ready").statusCode()).isEqualTo(503);
        assertThat(server.get("/v2/models/digits/versions/9/ready").statusCode())
                .isEqualTo(404);
    }

    @Test
    void readsTheDigitsOfTheDataSet() throws Exception {
        List<String> lines = new ArrayList<>();
        Path file = Path.of(System.getProperty("forge.shared"), "data", "digits", "digits.csv.gz");
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file))))) {
            in.lines().limit(640).forEach(lines::add);
        }
        AtomicInteger right = new AtomicInteger();
        List<Future<?>> clients = new ArrayList<>();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < 16; client++) {
                int first = client;
                clients.add(executor.submit(() -> {
                    for (int i = first; i < lines.size(); i += 16) {
                        right.addAndGet(read(lines.get(i)) ? 1 : 0);
                    }
                    return null;
                }));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        assertThat(right.get()).isGreaterThan(610);
    }

    private static boolean read(String line) throws Exception {
        int last = line.lastIndexOf(',');
        List<String> pixels = new ArrayList<>();
        for (String value : line.substring(0, last).split(",")) {
            pixels.add(Double.toString(Double.parseDouble(value) / 16));
        }
        JsonNode output =
                infer("digits", """
                {"id": "x7", "inputs": [{"name": "image", "datatype": "FP32", "shape": [1, 1, 8, 8], "data": [%s]}]}""".formatted(String.join(",", pixels))).at("/outputs/0");
        int best = 0;
        for (int i = 1; i < 10; i++) {
            best = output.at("/data/" + i).doubleValue()
                            > output.at("/data/" + best).doubleValue()
                    ? i
                    : best;
        }
        return best == Integer.parseInt(line.substring(last + 1));
    }

    @Test
    void givesWhatTheFixtureSays() throws Exception {
        JsonNode one = ModelFixtures.of("onnx")
                .model("iris_mlp.onnx")
                .cases()
                .getFirst()
                .json();
        JsonNode answer = infer("iris/versions/1", """
                {"id": "one", "outputs": [{"name": "probabilities"}], "parameters": {"priority": 1, "timeout": 9000000},
                 "inputs": [{"name": "features", "shape": [10, 4], "datatype": "FP32", "data": %s}]}""".formatted(one.at("/inputs/0/data")));
        assertThat(answer.path("id").asText()).isEqualTo("one");
        assertThat(answer.path("model_name").asText()).isEqualTo("iris");
        assertThat(answer.path("model_version").asText()).isEqualTo("1");
        assertThat(answer.at("/outputs/0/shape").toString()).isEqualTo("[10,3]");
        JsonNode expected = one.at("/outputs/0/data");
        for (int i = 0; i < 30; i++) {
            assertThat(answer.at("/outputs/0/data/" + i).doubleValue())
                    .isCloseTo(expected.get(i).doubleValue(), within(1e-5));
        }
    }

    /** Types and shape may follow the data, which may be nested. */
    @Test
    void theOrderOfFieldsAndTheNestingDoNotMatter() throws Exception {
        String flat = infer("iris", """
                {"inputs": [{"name": "features", "datatype": "FP32", "shape": [2, 4],
                             "data": [5.1, 3.5, 1.4, 0.2, 6.2, 3.4, 5.4, 2.3]}]}""").toString();
        assertThat(infer("iris", """
                {"inputs": [{"data": [[5.1, 3.5, 1.4, 0.2], [6.2, 3.4, 5.4, 2.3]], "shape": [2, 4],
                             "unknown": {"a": [1]}, "datatype": "FP32", "name": "features"}], "more": null}""").toString()).isEqualTo(flat);
    }

    @Test
    void everyTypeThatAModelCanHaveGoesThrough() throws Exception {
        JsonNode one = ModelFixtures.of("onnx")
                .model("all_dtypes.onnx")
                .cases()
                .getFirst()
                .json();
        List<String> inputs = new ArrayList<>();
        one.path("inputs").forEach(input -> {
            String type = input.path("dtype").asText();
            inputs.add("{\"name\":%s,\"datatype\":\"%s\",\"shape\":%s,\"data\":%s}"
                    .formatted(
                            input.path("name"),
                            type.equals("string")
                                    ? "BYTES"
                                    : type.replace("float", "FP").toUpperCase(Locale.ROOT),
                            input.path("shape"),
                            input.path("data")));
        });
        JsonNode answer = infer("types", "{\"inputs\": [" + String.join(",", inputs) + "]}");
        assertThat(answer.path("outputs")).hasSize(one.path("outputs").size());
        for (JsonNode expected : one.path("outputs")) {
            for (JsonNode output : answer.path("outputs")) {
                if (output.path("name").equals(expected.path("name"))) {
                    for (int i = 0; i < expected.path("data").size(); i++) {
                        assertThat(value(output.path("data").get(i)))
                                .as(output.path("name").asText())
                                .isEqualTo(value(expected.path("data").get(i)));
                    }
                }
            }
        }
    }

    private static Object value(JsonNode node) {
        return node.isNumber() ? Float.valueOf(node.floatValue()) : node.asText();
    }

    @Test
    void whatJsonHasNoNumberForIsAText() throws Exception {
        JsonNode answer = infer("multi", """
                {"inputs": [{"name": "feats", "datatype": "FP32", "shape": [1, 4], "data": ["NaN", NaN, "-Infinity", 1]},
                            {"name": "ids", "datatype": "INT64", "shape": [1], "data": [0]}],
                 "outputs": [{"name": "scores"}]}""");
        assertThat(answer.at("/outputs/0/data/0").textValue()).isEqualTo("NaN");
    }

    @Test
    void onlyTheOutputsAskedForAreGiven() throws Exception {
        String inputs = """
                "inputs": [{"name": "feats", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4]},
                           {"name": "ids", "datatype": "INT64", "shape": [1], "data": [1]}]""";
        assertThat(infer("multi", "{" + inputs + "}").path("outputs")).hasSize(3);
        JsonNode outputs = infer("multi", "{" + inputs + ", \"outputs\": [{\"name\": \"best\"}]}")
                .path("outputs");
        assertThat(outputs).hasSize(1);
        assertThat(outputs.at("/0/name").asText()).isEqualTo("best");
    }

    @Test
    void tensorsMayComeAndGoAsBytesBehindTheJson() throws Exception {
        JsonNode asJson = infer("iris", """
                {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1, 4], "data": [5.5, 3.25, 1.5, 0.25]}]}""");
        ByteBuffer numbers = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        numbers.putFloat(5.5f).putFloat(3.25f).putFloat(1.5f).putFloat(0.25f);
        byte[] head = """
                {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1, 4],
                             "parameters": {"binary_data_size": 16}}],
                 "outputs": [{"name": "probabilities", "parameters": {"binary_data": true}}]}""".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(numbers.array());
        HttpResponse<byte[]> response = server.http.send(
                HttpRequest.newBuilder(server.address().resolve("/v2/models/iris/infer"))
                        .header("Inference-Header-Content-Length", Integer.toString(head.length))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        int json = Integer.parseInt(
                response.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        JsonNode answer = Json.read(new String(response.body(), 0, json, StandardCharsets.UTF_8));
        assertThat(answer.at("/outputs/0/parameters/binary_data_size").asInt()).isEqualTo(12);
        ByteBuffer tail = ByteBuffer.wrap(response.body(), json, 12).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 3; i++) {
            assertThat(tail.getFloat())
                    .isEqualTo(asJson.at("/outputs/0/data/" + i).floatValue());
        }
    }

    @Test
    void aPictureIsReadByAPipelineAndItsAnswerIsKept() throws Exception {
        assertThat(ok(server.get("/v2/models/pictures")).toString())
                .contains("\"inputs\":[{\"name\":\"image\",\"datatype\":\"BYTES\",\"shape\":[-1]}]")
                .contains("\"outputs\":[{\"name\":\"index\",\"datatype\":\"INT64\",\"shape\":[-1]}]");
        byte[] png = onePixelWide();

        HttpResponse<String> first = picture(png, "");
        HttpResponse<String> second = picture(png, "");
        HttpResponse<String> anew = picture(png, "\"parameters\": {\"cache\": \"bypass\"}, ");

        assertThat(ok(first).at("/outputs/0/data/0").isIntegralNumber()).isTrue();
        assertThat(ok(second)).isEqualTo(ok(first)).isEqualTo(ok(anew));
        assertThat(first.headers().firstValue("x-forge-cache")).isEmpty();
        assertThat(second.headers().firstValue("x-forge-cache")).contains("hit");
        assertThat(anew.headers().firstValue("x-forge-cache")).isEmpty();
        assertThat(first.headers().firstValue("Server-Timing").orElseThrow())
                .matches("image;dur=\\d+\\.\\d{3}, pictures;dur=\\d+\\.\\d{3}, argmax;dur=\\d+\\.\\d{3}");
        assertThat(picture(new byte[] {1, 2, 3}, "").statusCode()).isEqualTo(400);
        assertThat(picture(png, "\"parameters\": {\"cache\": \"never\"}, ").body())
                .contains("use, bypass, refresh");
    }

    private static byte[] onePixelWide() throws Exception {
        BufferedImage image = new BufferedImage(1, 3, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 1, 0, 200);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }

    private static HttpResponse<String> picture(byte[] file, String parameters) throws Exception {
        byte[] head = ("{" + parameters + "\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], "
                        + "\"parameters\": {\"binary_data_size\": " + (4 + file.length) + "}}]}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(head.length + 4 + file.length).order(ByteOrder.LITTLE_ENDIAN);
        body.put(head).putInt(file.length).put(file);
        return server.http.send(
                HttpRequest.newBuilder(server.address().resolve("/v2/models/pictures/infer"))
                        .header("Inference-Header-Content-Length", Integer.toString(head.length))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aSequenceKeepsItsState() throws Exception {
        assertThat(count("\"sequence_id\": 42, \"sequence_start\": true", 5)).isEqualTo(5);
        assertThat(count("\"sequence_id\": \"other\", \"sequence_start\": true", 1))
                .isEqualTo(1);
        assertThat(count("\"sequence_id\": 42", 2)).isEqualTo(7);
        assertThat(count("\"sequence_id\": \"42\", \"sequence_end\": true", 1)).isEqualTo(8);
        assertThat(counted("\"sequence_id\": 42", 1).statusCode()).isEqualTo(400);
        assertThat(counted("\"sequence_id\": 42", 1).body()).contains("sequence_start");
        assertThat(counted("\"sequence_start\": true", 1).body()).contains("sequence_id");
        assertThat(counted("\"sequence_id\": true", 1).statusCode()).isEqualTo(400);
        assertThat(counted("\"priority\": 1", 1).body()).contains("sequence_id");
        assertThat(ok(server.get("/v2/models/counter")).path("inputs")).hasSize(1);
    }

    private static float count(String parameters, float x) throws Exception {
        JsonNode answer = ok(counted(parameters, x));
        assertThat(answer.path("outputs")).hasSize(1);
        return answer.at("/outputs/0/data/0").floatValue();
    }

    private static HttpResponse<String> counted(String parameters, float x) throws Exception {
        return server.post(
                "/v2/models/counter/infer",
                "{\"parameters\": {" + parameters + "}, \"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", "
                        + "\"shape\": [1, 1], \"data\": [" + x + "]}]}");
    }

    @Test
    void aRequestThatTakesTooLongIsEnded() throws Exception {
        HttpResponse<String> response = server.post("/v2/models/slow/infer", """
                {"parameters": {"timeout": 50000},
                 "inputs": [{"name": "iters", "datatype": "INT64", "shape": [], "data": [2000000]}]}""");
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(Json.read(response.body()).path("error").asText()).contains("50 ms");
    }

    @Test
    void theRepositoryIsListedAndModelsAreUnloadedAndLoaded() throws Exception {
        JsonNode all = ok(server.post("/v2/repository/index", ""));
        assertThat(all).hasSize(8);
        assertThat(all.at("/0/name").asText()).isEqualTo("broken");
        assertThat(all.at("/0/reason").asText()).isNotEmpty();
        assertThat(ok(server.post("/v2/repository/index", "{\"ready\": true}"))).hasSize(7);

        ok(server.post("/v2/repository/models/multi/unload", "{}"));
        assertThat(ok(server.post("/v2/repository/index", "{\"ready\": true}"))).hasSize(6);
        HttpResponse<String> refused = server.post("/v2/models/multi/infer", "{\"inputs\": []}");
        assertThat(refused.statusCode()).isEqualTo(503);
        ok(server.post("/v2/repository/models/multi/load", ""));
        assertThat(ok(server.get("/v2/models/multi/ready")).path("ready").asBoolean())
                .isTrue();

        HttpResponse<String> otherwise =
                server.post("/v2/repository/models/multi/load", "{\"parameters\": {\"config\": \"{}\", \"other\": 1}}");
        assertThat(otherwise.statusCode()).isEqualTo(400);
        assertThat(otherwise.body()).contains("parameters.config");
        ok(server.post("/v2/repository/models/multi/load", "{\"parameters\": {\"other\": 1}}"));

        assertThat(server.post("/v2/repository/models/nothing/load", "").statusCode())
                .isEqualTo(404);
        assertThat(server.post("/v2/repository/models/broken/load", "").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {                                                                                | not JSON
            [1]                                                                              | expected: a JSON object
            {"id": "x"}                                                                      | inputs is missing
            {"inputs": {}}                                                                   | inputs is missing or wrong
            {"inputs": [{"name": "features"}]}                                               | inputs[0].datatype
            {"inputs": [{"name": "features", "datatype": "FP99"}]}                           | BYTES
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [-1], "data": []}]} | inputs[0].shape
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [2], "data": [1]}]} | expected: 2
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1], "data": [1, 2]}]} | expected: 1
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [2000000000], "data": [1]}]} | 2000000000
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [9000000000, 9000000000], "data": []}]} | too large
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [2, 2], "data": [[1, 2], [3]]}]} | nested
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [2, 2], "data": [[1, 2], 3, 4]}]} | nested
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1], "data": ["x"]}]} | FP32: numbers
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1], "data": [1e99]}]} | range
            {"inputs": [{"name": "features", "datatype": "INT8", "shape": [1], "data": [128]}]} | -128 to 127
            {"inputs": [{"name": "features", "datatype": "INT32", "shape": [1], "data": [1.5]}]} | whole numbers
            {"inputs": [{"name": "features", "datatype": "UINT64", "shape": [1], "data": [18446744073709551616]}]} | 2^64
            {"inputs": [{"name": "features", "datatype": "BOOL", "shape": [1], "data": [2]}]} | 0 to 1
            {"inputs": [{"name": "features", "datatype": "BYTES", "shape": [1], "data": [2]}]} | a text
            {"inputs": [{"name": "other", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4]}]} | features FP32[-1, 4]
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1, 3], "data": [1, 2, 3]}]} | features FP32[-1, 4]
            {"inputs": []}                                                                   | the input features is missing
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1, 4], "parameters": {"binary_data_size": 16}}]} | binary_data_size
            {"inputs": [{"name": "features", "datatype": "FP32", "shape": [1, 4], "data": [1, 2, 3, 4]}], "outputs": [{"name": "x"}]} | no output x
            """)
    void refusesWithWhatIsExpected(String body, String part) throws Exception {
        HttpResponse<String> response = server.post("/v2/models/iris/infer", body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        JsonNode answer = Json.read(response.body());
        assertThat(answer.size()).isEqualTo(1);
        assertThat(answer.path("error").asText()).contains(part);
    }

    @Test
    void refusesWhatIsNotThere() throws Exception {
        assertThat(server.post("/v2/models/nothing/infer", "{\"inputs\": []}").statusCode())
                .isEqualTo(404);
        assertThat(server.post("/v2/models/iris/versions/stable/infer", "{\"inputs\": []}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(server.get("/v2/models/iris/infer").statusCode()).isEqualTo(405);
        assertThat(Json.read(server.get("/v2/else").body()).has("error")).isTrue();
    }
}
