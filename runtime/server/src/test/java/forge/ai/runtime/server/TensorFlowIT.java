package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import forge.ai.api.model.LoadedModel;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.json.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TensorFlow Serving's REST interface over a real connection, beside the models of OpenAI's and Anthropic's dialects. */
@Timeout(120)
class TensorFlowIT {

    @TempDir
    private static Path folder;

    private static RunningServer server;

    /** Each number halved, and two added: the example of TensorFlow Serving. */
    private record HalfPlusTwo() implements CodeModel {
        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("x", DataType.FP32, -1, 1)),
                    List.of(new TensorSpec("y", DataType.FP32, -1, 1)),
                    true,
                    Map.of());
        }

        @Override
        public Map<String, Tensor> compute(Map<String, Tensor> inputs) {
            float[] values = inputs.get("x").toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] = values[i] / 2 + 2;
            }
            return new LinkedHashMap<>(
                    Map.of("y", Tensor.ofFloats(inputs.get("x").shape(), values)));
        }
    }

    /** Bytes, given back under a name for texts and one for bytes, with their lengths. */
    private record Echo() implements CodeModel {
        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("data", DataType.BYTES, -1), new TensorSpec("times", DataType.INT32, -1)),
                    List.of(
                            new TensorSpec("text", DataType.BYTES, -1),
                            new TensorSpec("data_bytes", DataType.BYTES, -1),
                            new TensorSpec("times", DataType.INT32, -1)),
                    true,
                    Map.of());
        }

        @Override
        public Map<String, Tensor> compute(Map<String, Tensor> inputs) {
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("text", inputs.get("data"));
            outputs.put("data_bytes", inputs.get("data"));
            outputs.put("times", inputs.get("times"));
            return outputs;
        }
    }

    /** The first three features as shares of their sum. */
    private record Shares(String labels) implements CodeModel {
        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("features", DataType.FP32, -1, 4)),
                    List.of(new TensorSpec("best", DataType.INT64, -1), new TensorSpec("shares", DataType.FP32, -1, 3)),
                    true,
                    labels.isEmpty() ? Map.of() : Map.of("labels", labels));
        }

        @Override
        public Map<String, Tensor> compute(Map<String, Tensor> inputs) {
            float[] in = inputs.get("features").toFloats();
            int rows = in.length / 4;
            float[] shares = new float[rows * 3];
            for (int i = 0; i < shares.length; i++) {
                int row = i / 3 * 4;
                shares[i] = in[row + i % 3] / (in[row] + in[row + 1] + in[row + 2]);
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            outputs.put("best", Tensor.ofLongs(new long[] {rows}, new long[rows]));
            outputs.put("shares", Tensor.ofFloats(new long[] {rows, 3}, shares));
            return outputs;
        }
    }

    private static final class Provider implements LlmProvider {
        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("metadata"), LlmModel.of("m"));
        }

        @Override
        public Completion chat(ChatRequest request) {
            return Completion.of(request.model(), "hello", Usage.of(1, 1));
        }
    }

    private static LoadedModel load(String model) {
        return switch (model) {
            case "echo" -> new Echo();
            case "shares" -> new Shares("");
            case "named" -> new Shares("cat,dog,owl");
            case "broken" -> throw new InvalidRequestException("the file is damaged");
            default -> new HalfPlusTwo();
        };
    }

    @BeforeAll
    static void start() throws Exception {
        List<String> names = List.of("half", "echo", "both", "shares", "named", "broken");
        for (String model : names) {
            Path version = Files.createDirectories(folder.resolve("models/" + model + "/3"));
            Files.write(version.resolve("model.code"), new byte[] {1});
        }
        ModelServer models = ModelServer.start(folder, Map.of());
        server = models.server();
        models.backend("code", "model.code", source -> load(source.name()));
        for (String model : names) {
            if (!model.equals("broken")) {
                models.registry().load(model);
            }
        }
        models.registry().label("half", "stable", 3);
        server.provide("both", new Provider());
        server.route("halfway", "both/m");
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static JsonNode predict(String path, String body) throws Exception {
        HttpResponse<String> response = server.post("/v1/models/" + path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.read(response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            half:predict                | {"instances": [1.0, 2.0, 5.0]}                             | {"predictions":[[2.5],[3.0],[4.5]]}
            half:predict                | {"instances": [[1], [2]]}                                  | {"predictions":[[2.5],[3.0]]}
            half:predict                | {"instances": [{"x": [1]}, {"x": [2]}]}                    | {"predictions":[[2.5],[3.0]]}
            half:predict                | {"instances": [{"x": 1}, {"x": 2}]}                        | {"predictions":[[2.5],[3.0]]}
            half:predict                | {"inputs": [[1], [2]]}                                     | {"outputs":[[2.5],[3.0]]}
            half:predict                | {"inputs": {"x": [[1], [2]]}}                              | {"outputs":[[2.5],[3.0]]}
            half/versions/3:predict     | {"instances": [4]}                                         | {"predictions":[[4.0]]}
            half/labels/stable:predict  | {"signature_name": "serving_default", "instances": [4]}    | {"predictions":[[4.0]]}
            half:regress                | {"examples": [{"x": 1}, {"x": [2]}]}                       | {"results":[2.5,3.0]}
            half:regress                | {"context": {"x": 6}, "examples": [{}, {"x": 2}]}          | {"results":[5.0,3.0]}
            echo:predict | {"instances": [{"data": "ä", "times": 1}]} | {"predictions":[{"text":"ä","data_bytes":{"b64":"w6Q="},"times":1}]}
            echo:predict | {"instances": [{"data": {"b64": "/w=="}, "times": 1}]} | {"predictions":[{"text":{"b64":"/w=="},"data_bytes":{"b64":"/w=="},"times":1}]}
            echo:predict | {"inputs": {"data": ["a", {"b64": "Yg=="}], "times": [1, 2]}} | {"outputs":{"text":["a","b"],"data_bytes":[{"b64":"YQ=="},{"b64":"Yg=="}],"times":[1,2]}}
            """)
    void rowsAndColumnsAreComputed(String path, String body, String answer) throws Exception {
        HttpResponse<String> response = server.post("/v1/models/" + path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(answer);
    }

    @Test
    void whatIsNoNumberIsWrittenBareBothWays() throws Exception {
        HttpResponse<String> response =
                server.post("/v1/models/half:predict", "{\"instances\": [NaN, Infinity, -Infinity]}");
        assertThat(response.body()).isEqualTo("{\"predictions\":[[NaN],[Infinity],[-Infinity]]}");
    }

    @Test
    void aClassifierGivesEachClassItsScore() throws Exception {
        String body = "{\"examples\": [{\"features\": [1, 1, 2, 9]}, {\"features\": [0, 3, 1, 9]}]}";
        assertThat(predict("shares:classify", body).toString())
                .isEqualTo(
                        "{\"results\":[[[\"0\",0.25],[\"1\",0.25],[\"2\",0.5]],[[\"0\",0.0],[\"1\",0.75],[\"2\",0.25]]]}");
        assertThat(predict("named:classify", body).at("/results/1/1").toString())
                .isEqualTo("[\"dog\",0.75]");
        assertThat(server.post("/v1/models/half:classify", "{\"examples\": [{\"x\": 1}]}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(server.post("/v1/models/shares:regress", "{\"examples\": [{\"features\": [1, 2, 3, 4]}]}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void statusAndMetadataAreTold() throws Exception {
        assertThat(server.get("/v1/models/half").body())
                .isEqualTo("{\"model_version_status\":[{\"version\":\"3\",\"state\":\"AVAILABLE\",\"status\":"
                        + "{\"error_code\":\"OK\",\"error_message\":\"\"}}]}");
        assertThat(server.get("/v1/models/half/versions/3").body())
                .isEqualTo(server.get("/v1/models/half/labels/stable").body());
        JsonNode broken = Json.read(server.get("/v1/models/broken").body()).at("/model_version_status/0");
        assertThat(broken.path("state").textValue()).isEqualTo("END");
        assertThat(broken.at("/status/error_message").textValue()).isNotEmpty();
        JsonNode metadata = Json.read(server.get("/v1/models/half/metadata").body());
        assertThat(metadata.path("model_spec").toString())
                .isEqualTo("{\"name\":\"half\",\"signature_name\":\"\",\"version\":\"3\"}");
        JsonNode signature = metadata.at("/metadata/signature_def/signature_def/serving_default");
        assertThat(signature.at("/inputs/x/dtype").textValue()).isEqualTo("DT_FLOAT");
        assertThat(signature.at("/inputs/x/tensor_shape/dim").toString())
                .isEqualTo("[{\"size\":\"-1\",\"name\":\"\"},{\"size\":\"1\",\"name\":\"\"}]");
        assertThat(signature.path("method_name").textValue()).isEqualTo("tensorflow/serving/predict");
        assertThat(server.get("/v1/models/half/versions/3/metadata").body()).isEqualTo(metadata.toString());
        assertThat(server.get("/v1/models/half/versions/9").statusCode()).isEqualTo(404);
        assertThat(server.get("/v1/models/half/labels/none/metadata").statusCode())
                .isEqualTo(404);
    }

    /** Names that language models go by are theirs, also where a model of the repository is called alike. */
    @Test
    void theModelsOfTheOtherDialectsAreStillFound() throws Exception {
        for (String id : List.of("both/m", "both/metadata", "halfway")) {
            JsonNode openAi = Json.read(server.get("/v1/models/" + id).body());
            assertThat(openAi.path("id").textValue()).isEqualTo(id);
            assertThat(openAi.path("object").textValue()).isEqualTo("model");
            HttpResponse<String> anthropic = server.http.send(
                    HttpRequest.newBuilder(server.address().resolve("/v1/models/" + id))
                            .header("anthropic-version", "2023-06-01")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(Json.read(anthropic.body()).path("type").textValue()).isEqualTo("model");
        }
        assertThat(Json.read(server.get("/v1/models/nobody").body())
                        .at("/error/code")
                        .textValue())
                .as("in the words of OpenAI")
                .isEqualTo("model_not_found");
        assertThat(Json.read(server.get("/v1/models").body()).path("object").textValue())
                .isEqualTo("list");
        assertThat(predict("both:predict", "{\"instances\": [2]}").toString())
                .as("what is posted is not ambiguous")
                .isEqualTo("{\"predictions\":[[3.0]]}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            half:predict               | {                                                | 400 | not JSON
            half:predict               | {}                                               | 400 | instances
            half:predict               | {"instances": [1], "inputs": [1]}                | 400 | either
            half:predict               | {"instances": []}                                | 400 | not empty
            half:predict               | {"instances": 1}                                 | 400 | array
            half:predict               | {"instances": ["a"]}                             | 400 | FP32
            half:predict               | {"instances": [[1, 2]]}                          | 400 | FP32[-1, 1]
            half:predict               | {"instances": [[1], [2, 3]]}                     | 400 | one length
            half:predict               | {"instances": [{"x": 1}, {"y": 1}]}              | 400 | instances[1]
            half:predict               | {"instances": [{"z": 1}]}                        | 400 | z
            half:predict               | {"signature_name": "other", "instances": [1]}    | 400 | serving_default
            half:regress               | {"instances": [1]}                               | 400 | examples
            half:regress               | {"examples": []}                                 | 400 | examples
            half:explain               | {"instances": [1]}                               | 404 | :predict
            half                       | {"instances": [1]}                               | 404 | :predict
            half/versions/9:predict    | {"instances": [1]}                               | 404 | 9
            half/versions/x:predict    | {"instances": [1]}                               | 400 | version
            half/labels/none:predict   | {"instances": [1]}                               | 404 | none
            nobody:predict             | {"instances": [1]}                               | 404 | nobody
            broken:predict             | {"instances": [1]}                               | 503 | broken
            echo:predict               | {"instances": ["a"]}                             | 400 | data BYTES
            echo:predict               | {"instances": [{"data": {"b64": "?"}, "times": 1}]} | 400 | Base64
            echo:predict               | {"instances": [{"data": "a", "times": 1.5}]}     | 400 | INT32
            echo:predict               | {"instances": [{"data": "a", "times": 2147483648}]} | 400 | INT32
            """)
    void whatIsWrongIsRefusedInItsOwnForm(String path, String body, int status, String told) throws Exception {
        HttpResponse<String> response = server.post("/v1/models/" + path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = Json.read(response.body());
        assertThat(error.size()).isEqualTo(1);
        assertThat(error.path("error").textValue()).contains(told);
    }
}
