package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import forge.ai.api.ForgeException;
import forge.ai.api.NotFoundException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent.Finished;
import forge.ai.api.llm.CompletionEvent.OnTheWire;
import forge.ai.api.llm.CompletionEvent.Started;
import forge.ai.api.llm.CompletionEvent.TextDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingDelta;
import forge.ai.api.llm.CompletionEvent.ThinkingSignature;
import forge.ai.api.llm.CompletionEvent.ToolCallDelta;
import forge.ai.api.llm.CompletionEvent.ToolCallStarted;
import forge.ai.api.llm.CompletionEvent.Whole;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import forge.ai.api.llm.ModelCard;
import forge.ai.api.llm.ModelLibrary;
import forge.ai.api.llm.PullProgress;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ollama's dialect, line by line. */
@Timeout(60)
class OllamaIT {

    private static final String PNG = "iVBORw0KGgoAAAA=";
    private static final String ASK =
            "{\"model\": \"p/m\", \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]%s}";
    private static final String WHOLE = ASK.formatted(", \"stream\": false");
    private static final Finished END = new Finished(FinishReason.STOP, Optional.of(Usage.of(7, 5)));

    @TempDir
    private static Path folder;

    private static final TellingProvider PROVIDER = new TellingProvider();
    private static final EchoProvider ECHO = new EchoProvider();
    private static final Library LIBRARY = new Library();
    private static RunningServer server;

    /** A store with one model, {@code m}. */
    private static final class Library implements ModelLibrary {
        final List<String> deleted = new ArrayList<>();

        @Override
        public ModelCard show(String model) {
            check(model);
            return new ModelCard(
                    LlmModel.of(model).withCapabilities(LlmModel.Capability.CHAT),
                    Map.of("ollama:template", "\"t\"", "ollama:details", "{\"family\":\"f\"}"));
        }

        @Override
        public void pull(String model, Consumer<PullProgress> listener) {
            listener.accept(new PullProgress("pulling manifest", "", 0, OptionalLong.empty()));
            check(model);
            listener.accept(new PullProgress("pulling a", "sha256:a", 3, OptionalLong.of(9)));
            listener.accept(new PullProgress("success", "", 0, OptionalLong.empty()));
        }

        @Override
        public void delete(String model) {
            check(model);
            deleted.add(model);
        }

        private static void check(String model) {
            if (!model.equals("m")) {
                throw new NotFoundException("model '" + model + "' not found");
            }
        }
    }

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("p", PROVIDER);
        server.provide("echo", ECHO);
        server.context().registerService(ModelLibrary.class, LIBRARY, new Hashtable<>(Map.of(LlmProvider.NAME, "p")));
    }

    @BeforeEach
    void forget() {
        PROVIDER.tell(new Started("", "m"), new TextDelta("hello"), END);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void requestsAreReadWhole() throws Exception {
        lines("""
                {"model": "p/m", "think": "high", "logprobs": true, "top_logprobs": 2, "keep_alive": "5m",
                 "format": {"type": "object"},
                 "options": {"num_predict": 9, "temperature": 0.5, "top_p": 0.25, "top_k": 3, "min_p": 0.1,
                             "repeat_penalty": 1.5, "frequency_penalty": 0.5, "presence_penalty": -0.5, "seed": 42,
                             "stop": ["a", "b"], "num_ctx": 4096},
                 "tools": [{"type": "function", "function": {"name": "t", "description": "d",
                            "parameters": {"type": "object"}}}],
                 "messages": [
                   {"role": "system", "content": "be short"},
                   {"role": "user", "content": "look", "images": ["%s"]},
                   {"role": "assistant", "content": "so", "thinking": "hm", "tool_calls": [
                     {"function": {"name": "t", "arguments": {"a": 1}}},
                     {"function": {"name": "u", "arguments": {}}},
                     {"id": "own", "function": {"name": "t", "arguments": {"a": 2}}}]},
                   {"role": "tool", "tool_name": "u", "content": "of u"},
                   {"role": "tool", "tool_name": "t", "content": "first"},
                   {"role": "tool", "tool_call_id": "own", "content": "second"}]}""".formatted(PNG));
        ChatRequest request = PROVIDER.request;
        assertThat(request.messages())
                .containsExactly(
                        Message.system("be short"),
                        new Message(
                                Role.USER, List.of(new Content.Text("look"), new Content.Image("image/png", PNG, ""))),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        Content.Thinking.of("hm"),
                                        new Content.Text("so"),
                                        new Content.ToolCall("call_0", "t", "{\"a\":1}"),
                                        new Content.ToolCall("call_1", "u", "{}"),
                                        new Content.ToolCall("own", "t", "{\"a\":2}"))),
                        Message.tool(
                                new Content.ToolResult("call_1", List.of(new Content.Text("of u")), false),
                                new Content.ToolResult("call_0", List.of(new Content.Text("first")), false),
                                new Content.ToolResult("own", List.of(new Content.Text("second")), false)));
        assertThat(request.tools()).containsExactly(new Tool("t", "d", "{\"type\":\"object\"}", false));
        assertThat(request.format())
                .isInstanceOfSatisfying(
                        ResponseFormat.JsonSchema.class,
                        f -> assertThat(f.schema()).isEqualTo("{\"type\":\"object\"}"));
        var options = request.options();
        assertThat(options.maxTokens()).hasValue(9);
        assertThat(options.temperature()).hasValue(0.5);
        assertThat(options.topP()).hasValue(0.25);
        assertThat(options.topK()).hasValue(3);
        assertThat(options.minP()).hasValue(0.1);
        assertThat(options.repetitionPenalty()).hasValue(1.5);
        assertThat(options.frequencyPenalty()).hasValue(0.5);
        assertThat(options.presencePenalty()).hasValue(-0.5);
        assertThat(options.seed()).hasValue(42);
        assertThat(options.stop()).containsExactly("a", "b");
        assertThat(options.logprobs()).hasValue(2);
        assertThat(options.reasoning()).contains(new Reasoning("high", OptionalInt.empty()));
        assertThat(request.extensions())
                .isEqualTo(Map.of("ollama:keep_alive", "\"5m\"", "ollama:options", "{\"num_ctx\":4096}"));
    }

    @Test
    void streamsAreTheDefault() throws Exception {
        PROVIDER.tell(
                new Started("id", "m"),
                new ThinkingDelta("hm"),
                new ThinkingSignature("sig"),
                new TextDelta("so", List.of(new TokenLogprob("so", -0.5, List.of()))),
                new ToolCallStarted(0, "c0", "t"),
                new ToolCallStarted(1, "c1", "u"),
                new ToolCallDelta(1, "{\"b\":"),
                new ToolCallDelta(0, "{\"a\":1}"),
                new ToolCallDelta(1, "2}"),
                new ToolCallStarted(2, "c2", "v"),
                new Finished(FinishReason.TOOL_CALLS, Optional.of(Usage.of(7, 5))));
        List<JsonNode> lines = lines(ASK.formatted(""));
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.path("model").asText()).isEqualTo("m");
            assertThat(line.path("created_at").asText()).isNotEmpty();
            assertThat(line.at("/message/role").asText()).isEqualTo("assistant");
        });
        assertThat(lines)
                .extracting(line -> line.path("message").toString().replace("\"role\":\"assistant\",", ""))
                .containsExactly(
                        "{\"content\":\"\",\"thinking\":\"hm\"}",
                        "{\"content\":\"so\"}",
                        "{\"content\":\"\",\"tool_calls\":[{\"id\":\"c0\",\"function\":{\"name\":\"t\",\"arguments\":{\"a\":1}}}]}",
                        "{\"content\":\"\",\"tool_calls\":[{\"id\":\"c1\",\"function\":{\"name\":\"u\",\"arguments\":{\"b\":2}}}]}",
                        "{\"content\":\"\",\"tool_calls\":[{\"id\":\"c2\",\"function\":{\"name\":\"v\",\"arguments\":{}}}]}",
                        "{\"content\":\"\"}");
        assertThat(lines.get(1).at("/logprobs/0/logprob").asDouble()).isEqualTo(-0.5);
        assertThat(lines.subList(0, 5)).noneMatch(line -> line.path("done").asBoolean());
        JsonNode last = lines.getLast();
        assertThat(last.path("done").asBoolean()).isTrue();
        assertThat(last.path("done_reason").asText()).isEqualTo("stop");
        assertThat(last.path("prompt_eval_count").asInt()).isEqualTo(7);
        assertThat(last.path("eval_count").asInt()).isEqualTo(5);
        assertThat(last.path("total_duration").asLong())
                .isEqualTo(last.path("prompt_eval_duration").asLong()
                        + last.path("eval_duration").asLong())
                .isPositive();
    }

    @Test
    void answersAreWrittenWhole() throws Exception {
        PROVIDER.answer = new Completion(
                "id",
                "llama",
                List.of(
                        Content.Thinking.of("hm"),
                        new Content.Text("s"),
                        new Content.Text("o"),
                        new Content.ToolCall("c1", "t", "{\"a\": 1}")),
                FinishReason.LENGTH,
                "",
                Optional.of(Usage.of(7, 5)),
                List.of(),
                Map.of("ollama:total_duration", "123", "ollama:load_duration", "45"),
                Optional.empty(),
                Optional.empty());
        ObjectNode answer =
                (ObjectNode) Json.read(server.post("/api/chat", WHOLE).body());
        answer.remove("created_at");
        assertThat(answer).isEqualTo(Json.read("""
                {"model": "llama", "message": {"role": "assistant", "content": "so", "thinking": "hm",
                   "tool_calls": [{"id": "c1", "function": {"name": "t", "arguments": {"a": 1}}}]},
                 "done_reason": "length", "done": true, "total_duration": 123, "load_duration": 45,
                 "prompt_eval_count": 7, "eval_count": 5}"""));
    }

    @Test
    void whatHasNoFormHereIsAnError() throws Exception {
        PROVIDER.tell(new Started("", "m"), new Whole(new Content.Extension("anthropic", "{}")), END);
        HttpResponse<String> response = server.post("/api/chat", WHOLE);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).contains("cannot hold").contains("anthropic");

        PROVIDER.tell(new Started("", "m"), new ToolCallStarted(0, "c", "t"), new ToolCallDelta(0, "{\"a\":"), END);
        assertThat(server.post("/api/chat", WHOLE).statusCode()).isEqualTo(502);
    }

    @Test
    void whatCameInThisDialectGoesOutUnchanged() throws Exception {
        PROVIDER.answer = Completion.of("m", "other", Usage.of(1, 1))
                .withWire(new Wire(Wire.OLLAMA_CHAT, "{ \"as\": \"it came\" }"));
        assertThat(server.post("/api/chat", WHOLE).body()).isEqualTo("{ \"as\": \"it came\" }");
        assertThat(PROVIDER.request.wire()).contains(new Wire(Wire.OLLAMA_CHAT, WHOLE));

        PROVIDER.tell(
                new OnTheWire(new Wire(Wire.OLLAMA_CHAT, "{\"a\":1\n}")),
                new Started("", "m"),
                new TextDelta("hello"),
                new OnTheWire(new Wire(Wire.OLLAMA_CHAT, "{\"b\": 2}")),
                END);
        assertThat(server.post("/api/chat", ASK.formatted("")).body()).isEqualTo("{\"a\":1 }\n{\"b\": 2}\n");
    }

    @Test
    void promptsAreAnsweredOrContinued() throws Exception {
        JsonNode answer = json(server.post("/api/generate", """
                {"model": "p/m", "prompt": "hi", "system": "be short", "images": ["%s"], "format": "json",
                 "stream": false, "think": false}""".formatted(PNG)));
        assertThat(answer.path("response").asText()).isEqualTo("hello");
        assertThat(PROVIDER.request.messages())
                .containsExactly(
                        Message.system("be short"),
                        new Message(
                                Role.USER, List.of(new Content.Text("hi"), new Content.Image("image/png", PNG, ""))));
        assertThat(PROVIDER.request.format()).isEqualTo(ResponseFormat.JSON);
        assertThat(PROVIDER.request.options().reasoning()).contains(new Reasoning("none", OptionalInt.empty()));

        HttpResponse<String> raw = server.post("/api/generate", """
                {"model": "echo/m", "prompt": "one two ", "raw": true, "options": {"num_predict": 3}}""");
        assertThat(raw.body()
                        .lines()
                        .map(OllamaIT::json)
                        .map(l -> l.path("response").asText()))
                .containsExactly("one ", "two ", "");
        assertThat(ECHO.completion.options().maxTokens()).hasValue(3);

        assertThat(server.post("/api/generate", "{\"model\": \"p/m\", \"prompt\": \"a\", \"suffix\": \"b\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void askingForNothingSaysThatTheModelIsThere() throws Exception {
        assertThat(json(server.post("/api/generate", "{\"model\": \"p/m\"}"))
                        .path("done_reason")
                        .asText())
                .isEqualTo("load");
        assertThat(json(server.post("/api/chat", "{\"model\": \"p/m\", \"messages\": [], \"keep_alive\": 0}"))
                        .path("done_reason")
                        .asText())
                .isEqualTo("unload");
        assertThat(server.post("/api/generate", "{\"model\": \"p/nobody\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void vectorsAreGiven() throws Exception {
        JsonNode answer = json(
                server.post("/api/embed", "{\"model\": \"echo/m\", \"input\": [\"a\", \"bcd\"], \"truncate\": true}"));
        assertThat(answer.path("embeddings").toString()).isEqualTo("[[1.0,0.5],[3.0,0.5]]");
        assertThat(answer.path("prompt_eval_count").asInt()).isEqualTo(4);
        assertThat(answer.path("total_duration").asLong()).isPositive();
        assertThat(ECHO.embedding.extensions()).isEqualTo(Map.of("ollama:truncate", "true"));
        assertThat(json(server.post("/api/embeddings", "{\"model\": \"echo/m\", \"prompt\": \"ab\"}"))
                        .path("embedding")
                        .toString())
                .isEqualTo("[2.0,0.5]");
    }

    @Test
    void modelsAreListedAndShown() throws Exception {
        assertThat(json(server.get("/api/tags")).path("models").findValuesAsText("name"))
                .containsExactly("echo/m", "p/m", "p/n");
        assertThat(json(server.get("/api/version")).path("version").asText()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(json(server.get("/api/ps")).path("models").isArray()).isTrue();
        JsonNode stored = json(server.post("/api/show", "{\"model\": \"p/m\"}"));
        assertThat(stored.path("template").asText()).isEqualTo("t");
        assertThat(stored.at("/details/family").asText()).isEqualTo("f");
        assertThat(stored.path("capabilities").toString()).isEqualTo("[\"completion\"]");
        assertThat(json(server.post("/api/show", "{\"name\": \"echo/m\"}"))
                        .path("details")
                        .isObject())
                .isTrue();
        assertThat(server.post("/api/show", "{\"model\": \"p/nobody\"}").statusCode())
                .isEqualTo(404);
    }

    @Test
    void modelsArePulledAndDeletedWhereTheProviderHasAStore() throws Exception {
        assertThat(server.post("/api/pull", "{\"model\": \"p/m\"}").body()).isEqualTo("""
                        {"status":"pulling manifest"}
                        {"status":"pulling a","digest":"sha256:a","total":9,"completed":3}
                        {"status":"success"}
                        """);
        assertThat(json(server.post("/api/pull", "{\"model\": \"p/m\", \"stream\": false}"))
                        .path("status")
                        .asText())
                .isEqualTo("success");
        String failed = server.post("/api/pull", "{\"model\": \"p/nobody\"}").body();
        assertThat(failed).endsWith("{\"error\":\"model 'nobody' not found\"}\n");
        HttpResponse<String> none = server.post("/api/pull", "{\"model\": \"echo/m\"}");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(error(none)).contains("store of models");

        assertThat(delete("p/nobody").statusCode()).isEqualTo(404);
        assertThat(delete("p/m").statusCode()).isEqualTo(200);
        assertThat(LIBRARY.deleted).containsExactly("m");
    }

    private static HttpResponse<String> delete(String model) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/api/delete"))
                .method("DELETE", HttpRequest.BodyPublishers.ofString("{\"model\": \"" + model + "\"}"))
                .build();
        return server.http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void linesLeaveAtOnceAndAnErrorIsOneOfThem() throws Exception {
        SteeredProvider steered = new SteeredProvider();
        var registration = server.provide("steered", steered);
        steered.start();
        steered.say("one");
        try (BufferedReader lines = open(ASK.formatted("").replace("p/m", "steered/m"))) {
            assertThat(json(lines.readLine()).at("/message/content").asText()).isEqualTo("one");
            steered.say("two");
            assertThat(json(lines.readLine()).at("/message/content").asText()).isEqualTo("two");
            steered.fail(new UnavailableException("the upstream left"));
            assertThat(json(lines.readLine()).path("error").asText()).contains("the upstream left");
            assertThat(lines.readLine()).isNull();
        } finally {
            registration.unregister();
        }
    }

    @Test
    void errorsHaveTheVendorsShape() throws Exception {
        for (var expected : Map.<ForgeException, Integer>of(
                        new RateLimitedException("slow down"), 429, new UnavailableException("gone"), 503)
                .entrySet()) {
            PROVIDER.error = expected.getKey();
            HttpResponse<String> response = server.post("/api/chat", ASK.formatted(""));
            assertThat(response.statusCode()).isEqualTo(expected.getValue());
            assertThat(error(response)).contains(expected.getKey().getMessage());
        }
        PROVIDER.error = null;
        for (String wrong : List.of(
                "[",
                "{}",
                ASK.formatted("").replace("\"user\"", "\"nobody\""),
                ASK.formatted(", \"format\": \"xml\""),
                ASK.formatted("").replace("\"content\"", "\"images\": [\"Zm9v\"], \"content\""),
                ASK.formatted("").replace("\"user\"", "\"tool\""))) {
            HttpResponse<String> response = server.post("/api/chat", wrong);
            assertThat(response.statusCode()).as(wrong).isEqualTo(400);
            assertThat(error(response)).isNotEmpty();
        }
        assertThat(server.post("/api/nothing", "{}").statusCode()).isEqualTo(404);
    }

    private static String error(HttpResponse<String> response) {
        return json(response).path("error").asText();
    }

    private static List<JsonNode> lines(String json) throws Exception {
        HttpResponse<String> response = server.post("/api/chat", json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("application/x-ndjson");
        return Stream.of(response.body().split("\n")).map(OllamaIT::json).toList();
    }

    private static BufferedReader open(String json) {
        HttpResponse<InputStream> response = server.http
                .sendAsync(server.request("/api/chat", json), HttpResponse.BodyHandlers.ofInputStream())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    private static JsonNode json(String text) {
        try {
            return Json.read(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }
}
