package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.model.ModelHub;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.testkit.model.LoopbackHub;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A model goes from a hub into the repository by one request, is loaded, and answers. */
@Timeout(120)
class PullIT {

    private static final String PULL = "/v2/repository/pull";

    @TempDir
    private static Path folder;

    private static final LoopbackHub HUB = new LoopbackHub();

    private static RunningServer server;

    /** Finds what is great. */
    private record Mood() implements CodeModel {
        @Override
        public ModelSignature signature() {
            return new ModelSignature(
                    List.of(new TensorSpec("text", DataType.BYTES, -1)),
                    List.of(new TensorSpec("label", DataType.BYTES, -1)),
                    true,
                    Map.of());
        }

        @Override
        public Map<String, Tensor> compute(Map<String, Tensor> inputs) {
            List<String> labels = inputs.get("text").toStrings().stream()
                    .map(text -> text.contains("great") ? "POSITIVE" : "NEGATIVE")
                    .toList();
            return new HashMap<>(Map.of("label", Tensor.ofStrings(new long[] {labels.size()}, labels)));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        HUB.put("onnx/model.onnx", new byte[500_000]);
        HUB.put("config.json", "{\"architectures\":[\"BertForSequenceClassification\"]}");
        HUB.put("tokenizer.json", new byte[3000]);
        HUB.put("model.safetensors", new byte[5000]);
        ModelServer models = ModelServer.start(folder, Map.of());
        server = models.server();
        models.backend("huggingface", "never", source -> new Mood());
        server.configureOther(
                "forge.ai.hub", Map.of("url", HUB.url(), "minFreeBytes", 0L, "retries", 0, "parallel", 1));
        for (String bundle : List.of(
                "org.jetbrains.kotlin.osgi-bundle",
                "com.squareup.okio",
                "com.squareup.okhttp3",
                "forge.ai.runtime.hub")) {
            server.framework().start(bundle);
        }
        server.framework().await(ModelHub.class, "(" + ModelHub.SCHEME + "=hf)", Duration.ofSeconds(10));
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        HUB.close();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static boolean ready(String model) {
        try {
            return server.get("/v2/models/" + model + "/ready").statusCode() == 200;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aPulledModelIsReadyAndClassifies() throws Exception {
        HttpResponse<String> pulled = server.post(PULL, "{\"source\": \"hf:acme/tiny\", \"name\": \"mood\"}");
        assertThat(pulled.statusCode()).as(pulled.body()).isEqualTo(200);
        assertThat(pulled.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<JsonNode> lines = new ArrayList<>();
        for (String line : pulled.body().split("\n")) {
            lines.add(Json.read(line));
        }
        assertThat(lines).anySatisfy(line -> {
            assertThat(line.path("file").asText()).isEqualTo("onnx/model.onnx");
            assertThat(line.path("completed").asLong())
                    .isEqualTo(line.path("total").asLong());
        });
        JsonNode last = lines.getLast();
        assertThat(last.path("status").asText()).isEqualTo("success");
        assertThat(last.path("model_name").asText()).isEqualTo("mood");
        assertThat(last.path("model_version").asText()).isEqualTo("1");
        assertThat(folder.resolve("models/mood/1/model.safetensors")).doesNotExist();

        await("the model is loaded", () -> ready("mood"));
        JsonNode answer = Json.read(server.post("/v2/models/mood/infer", """
                {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [2],
                             "data": ["the phone is great", "what a horrible movie!"]}],
                 "outputs": [{"name": "label"}]}""").body());
        assertThat(answer.at("/outputs/0/data").toString()).isEqualTo("[\"POSITIVE\",\"NEGATIVE\"]");

        JsonNode again =
                Json.read(server.post(PULL, "{\"source\": \"hf:acme/tiny\", \"name\": \"mood\", \"stream\": false}")
                        .body());
        assertThat(again.path("changed").asBoolean(true)).isFalse();
        assertThat(again.path("downloaded").asLong(-1)).isZero();
    }

    @Test
    void whatCannotBePulledSaysWhyInItsStatusOrInTheLastLine() throws Exception {
        assertThat(server.post(PULL, "{}").statusCode()).isEqualTo(400);
        assertThat(server.post(PULL, "{\"source\": \"acme/tiny\"}").statusCode())
                .isEqualTo(400);
        assertThat(server.post(PULL, "{\"source\": \"ftp:acme/tiny\"}").statusCode())
                .isEqualTo(404);
        HttpResponse<String> missing = server.post(PULL, "{\"source\": \"hf:acme/none\"}");
        String last = missing.body().strip().lines().toList().getLast();
        assertThat(Json.read(last).path("error").asText()).contains("acme/none");
        HttpResponse<String> whole = server.post(PULL, "{\"source\": \"hf:acme/none\", \"stream\": false}");
        assertThat(whole.statusCode()).isEqualTo(404);
    }

    @Test
    void aClientThatLeavesEndsThePull() throws Exception {
        HUB.stallAfter = 1000;
        try (InputStream in = server.http
                .send(
                        server.request(PULL, "{\"source\": \"hf:acme/tiny\", \"name\": \"left\"}"),
                        HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            assertThat(new BufferedReader(new InputStreamReader(in)).readLine()).contains("acme/tiny");
            assertThat(HUB.stalled.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            HUB.stallAfter = Integer.MAX_VALUE;
        }
        // Only one pull at a time is allowed here.
        HttpRequest next =
                server.request(PULL, "{\"source\": \"hf:acme/tiny\", \"name\": \"left\", \"stream\": false}");
        await("the pull has ended", () -> {
            try {
                return server.http
                                .send(next, HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == 200;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(folder.resolve("models/left/1/model.onnx")).exists();
    }

    @Test
    void whoMayOnlyUseModelsMayNeitherPullNorLoadNorUnload() throws Exception {
        String key = Keys.create(server, "user", Map.of());
        String operator = Keys.create(server, "operator", Map.of("roles", new String[] {"operate"}));
        try {
            for (String path : List.of(PULL, "/v2/repository/models/x/load", "/v2/repository/models/x/unload")) {
                String body = path.equals(PULL) ? "{\"source\": \"hf:acme/none\", \"stream\": false}" : "{}";
                assertThat(withKey(path, body, key)).as(path).isEqualTo(403);
                assertThat(withKey(path, body, operator)).as(path).isEqualTo(404);
            }
            assertThat(withKey("/v2/models/x/infer", "{\"inputs\": []}", operator))
                    .isEqualTo(403);
            assertThat(withKey("/v2/models/x/infer", "{\"inputs\": []}", key)).isEqualTo(404);
        } finally {
            server.configure("forge.ai.key", "user", Map.of());
            server.configure("forge.ai.key", "operator", Map.of());
            await("the server is open again", PullIT::open);
        }
    }

    private static boolean open() {
        try {
            return server.get("/v2").statusCode() == 200;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static int withKey(String path, String body, String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return server.http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
