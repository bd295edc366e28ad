package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ContextLengthException;
import forge.ai.api.ForgeException;
import forge.ai.api.QuotaException;
import forge.ai.api.RateLimitedException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
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
import forge.ai.api.llm.Message;
import forge.ai.api.llm.Message.Role;
import forge.ai.api.llm.Reasoning;
import forge.ai.api.llm.ResponseFormat;
import forge.ai.api.llm.Tool;
import forge.ai.api.llm.ToolChoice;
import forge.ai.api.llm.Usage;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.json.Json;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Anthropic's dialect, byte by byte. */
@Timeout(60)
class AnthropicIT {

    private static final String ASK =
            "{\"model\": \"p/m\", \"max_tokens\": 9, \"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]%s}";
    private static final Finished END = new Finished(FinishReason.STOP, Optional.of(Usage.of(7, 5)));

    @TempDir
    private static Path folder;

    private static final TellingProvider PROVIDER = new TellingProvider();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder, Map.of("keepAliveSeconds", 1));
        server.provide("p", PROVIDER);
    }

    @BeforeEach
    void forget() {
        PROVIDER.tell(new Started("msg_1", "m"), new TextDelta("hello"), END);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void requestsAreReadWhole() throws Exception {
        ask("""
                {"model": "p/m", "max_tokens": 2048, "temperature": 0.5, "top_p": 0.25, "top_k": 3,
                 "stop_sequences": ["a", "b"], "metadata": {"user_id": "u"}, "service_tier": "auto",
                 "system": [{"type": "text", "text": "be", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
                            {"type": "text", "text": "short"}],
                 "thinking": {"type": "enabled", "budget_tokens": 1024},
                 "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": {"type": "object"}}},
                 "tools": [{"name": "t", "description": "d", "input_schema": {"type": "object"}, "strict": true,
                            "cache_control": {"type": "ephemeral"}}],
                 "tool_choice": {"type": "tool", "name": "t", "disable_parallel_tool_use": true},
                 "messages": [
                   {"role": "user", "content": [
                     {"type": "text", "text": "look"},
                     {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
                     {"type": "image", "source": {"type": "url", "url": "http://h/p.png"},
                      "cache_control": {"type": "ephemeral"}},
                     {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}]},
                   {"role": "assistant", "content": [
                     {"type": "thinking", "thinking": "hm", "signature": "sig"},
                     {"type": "redacted_thinking", "data": "xyz"},
                     {"type": "text", "text": "so"},
                     {"type": "tool_use", "id": "c1", "name": "t", "input": {"a": 1}},
                     {"type": "tool_use", "id": "c2", "name": "t", "input": {}}]},
                   {"role": "user", "content": [
                     {"type": "tool_result", "tool_use_id": "c1", "content": [
                       {"type": "text", "text": "r"},
                       {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "BBBB"}}]},
                     {"type": "tool_result", "tool_use_id": "c2", "content": "bad", "is_error": true,
                      "cache_control": {"type": "ephemeral"}},
                     {"type": "text", "text": "go on"}]}]}""");
        ChatRequest request = PROVIDER.request;
        assertThat(request.messages())
                .containsExactly(
                        new Message(
                                Role.SYSTEM,
                                List.of(
                                        new Content.Text("be"),
                                        new Content.CachePoint("1h"),
                                        new Content.Text("short"))),
                        new Message(
                                Role.USER,
                                List.of(
                                        new Content.Text("look"),
                                        new Content.Image("image/png", "AAAA", ""),
                                        new Content.ImageLink(java.net.URI.create("http://h/p.png"), ""),
                                        new Content.CachePoint(""),
                                        new Content.Extension("anthropic", """
                                                {"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"}}"""))),
                        new Message(
                                Role.ASSISTANT,
                                List.of(
                                        new Content.Thinking("hm", "sig", ""),
                                        new Content.Thinking("", "", "xyz"),
                                        new Content.Text("so"),
                                        new Content.ToolCall("c1", "t", "{\"a\":1}"),
                                        new Content.ToolCall("c2", "t", "{}"))),
                        new Message(
                                Role.TOOL,
                                List.of(
                                        new Content.ToolResult(
                                                "c1",
                                                List.of(
                                                        new Content.Text("r"),
                                                        new Content.Image("image/png", "BBBB", "")),
                                                false),
                                        new Content.ToolResult("c2", List.of(new Content.Text("bad")), true),
                                        new Content.CachePoint(""))),
                        Message.user("go on"));
        assertThat(request.tools()).containsExactly(new Tool("t", "d", "{\"type\":\"object\"}", true));
        assertThat(request.toolChoice()).isEqualTo(new ToolChoice.Named("t"));
        assertThat(request.format())
                .isInstanceOfSatisfying(
                        ResponseFormat.JsonSchema.class,
                        f -> assertThat(f.schema()).isEqualTo("{\"type\":\"object\"}"));
        var options = request.options();
        assertThat(options.maxTokens()).hasValue(2048);
        assertThat(options.temperature()).hasValue(0.5);
        assertThat(options.topP()).hasValue(0.25);
        assertThat(options.topK()).hasValue(3);
        assertThat(options.stop()).containsExactly("a", "b");
        assertThat(options.user()).isEqualTo("u");
        assertThat(options.parallelToolCalls()).hasValue(false);
        assertThat(options.reasoning()).contains(new Reasoning("low", OptionalInt.of(1024)));
        assertThat(request.extensions())
                .isEqualTo(Map.of(
                        "anthropic:service_tier",
                        "\"auto\"",
                        "anthropic:tool_fields",
                        "{\"t\":{\"cache_control\":{\"type\":\"ephemeral\"}}}"));
    }

    @Test
    void whatOnlyTheVendorKnowsGoesAlong() throws Exception {
        String json = ASK.formatted("""
                , "thinking": {"type": "adaptive", "display": "omitted"}, "metadata": {"user_id": "u", "k": "v"},
                "output_config": {"effort": "high", "task_budget": {"total": 5}}, "container": "c"\
                """);
        HttpResponse<String> response = server.http.send(
                builder("/v1/messages", json)
                        .header("anthropic-beta", "a-1, b-2")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(PROVIDER.request.extensions())
                .isEqualTo(Map.of(
                        "anthropic:thinking",
                        "{\"type\":\"adaptive\",\"display\":\"omitted\"}",
                        "anthropic:metadata",
                        "{\"k\":\"v\"}",
                        "anthropic:output_config",
                        "{\"task_budget\":{\"total\":5}}",
                        "anthropic:container",
                        "\"c\"",
                        "anthropic:betas",
                        "[\"a-1\",\"b-2\"]"));
        assertThat(PROVIDER.request.options().reasoning()).contains(new Reasoning("high", OptionalInt.empty()));
        assertThat(PROVIDER.request.wire()).contains(new Wire(Wire.ANTHROPIC_MESSAGES, json));
    }

    @Test
    void answersAreWrittenWhole() throws Exception {
        PROVIDER.answer = new Completion(
                "msg_9",
                "claude",
                List.of(
                        new Content.Thinking("hm", "sig", ""),
                        new Content.Thinking("", "", "xyz"),
                        new Content.Extension("anthropic", "{\"type\":\"server_tool_use\",\"id\":\"s\"}"),
                        new Content.Text("so"),
                        new Content.ToolCall("c1", "t", "{\"a\":1}"),
                        new Content.ToolCall("c2", "t", "{\"a\":")),
                FinishReason.TOOL_CALLS,
                "",
                Optional.of(new Usage(100, 20, 30, 40, 5)),
                List.of(),
                Map.of("anthropic:container", "{\"id\":\"c\"}"),
                Optional.empty(),
                Optional.empty());
        assertThat(ask(ASK.formatted(""))).isEqualTo(Json.read("""
                {"id": "msg_9", "type": "message", "role": "assistant", "model": "claude", "content": [
                   {"type": "thinking", "thinking": "hm", "signature": "sig"},
                   {"type": "redacted_thinking", "data": "xyz"},
                   {"type": "server_tool_use", "id": "s"},
                   {"type": "text", "text": "so"},
                   {"type": "tool_use", "id": "c1", "name": "t", "input": {"a": 1}},
                   {"type": "tool_use", "id": "c2", "name": "t", "input": {"INVALID_JSON": "{\\"a\\":"}}],
                 "stop_reason": "tool_use", "stop_sequence": null,
                 "usage": {"input_tokens": 30, "cache_creation_input_tokens": 40, "cache_read_input_tokens": 30,
                           "output_tokens": 20, "output_tokens_details": {"thinking_tokens": 5}},
                 "container": {"id": "c"}}"""));
    }

    @Test
    void streamsAreWrittenBlockByBlock() throws Exception {
        PROVIDER.tell(
                new Started("", "claude"),
                new ThinkingDelta("h"),
                new ThinkingDelta("m"),
                new ThinkingSignature("sig"),
                new Whole(new Content.Thinking("", "", "xyz")),
                new TextDelta("so"),
                new Whole(new Content.Extension("anthropic", "{\"type\":\"server_tool_use\",\"id\":\"s\"}")),
                new TextDelta("!"),
                new ToolCallStarted(0, "c1", "t"),
                new ToolCallDelta(0, "{\"a\":"),
                new ToolCallDelta(0, "1}"),
                new ToolCallStarted(1, "c2", "u"),
                new Finished(
                        FinishReason.STOP_SEQUENCE,
                        "a",
                        Optional.of(new Usage(100, 20, 30, 40, 0)),
                        Map.of("anthropic:stop_details", "{\"x\":1}")));
        String body = stream(ASK.formatted(", \"stream\": true"));
        assertThat(body).endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        List<String> events = Stream.of(body.split("\n\n"))
                .map(e -> e.substring(e.indexOf("data: ") + 6))
                .toList();
        JsonNode start = Json.read(events.getFirst()).path("message");
        assertThat(start.path("id").asText()).startsWith("msg_");
        assertThat(start.path("model").asText()).isEqualTo("claude");
        assertThat(start.path("content").isArray()).isTrue();
        assertThat(String.join("\n", events.subList(1, events.size()))).isEqualTo("""
                {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m"}}
                {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"sig"}}
                {"type":"content_block_stop","index":0}
                {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"xyz"}}
                {"type":"content_block_stop","index":1}
                {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}
                {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"so"}}
                {"type":"content_block_stop","index":2}
                {"type":"content_block_start","index":3,"content_block":{"type":"server_tool_use","id":"s"}}
                {"type":"content_block_stop","index":3}
                {"type":"content_block_start","index":4,"content_block":{"type":"text","text":""}}
                {"type":"content_block_delta","index":4,"delta":{"type":"text_delta","text":"!"}}
                {"type":"content_block_stop","index":4}
                {"type":"content_block_start","index":5,"content_block":{"type":"tool_use","id":"c1","name":"t","input":{}}}
                {"type":"content_block_delta","index":5,"delta":{"type":"input_json_delta","partial_json":"{\\"a\\":"}}
                {"type":"content_block_delta","index":5,"delta":{"type":"input_json_delta","partial_json":"1}"}}
                {"type":"content_block_stop","index":5}
                {"type":"content_block_start","index":6,"content_block":{"type":"tool_use","id":"c2","name":"u","input":{}}}
                {"type":"content_block_stop","index":6}
                {"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"a","stop_details":{"x":1}},\
                "usage":{"input_tokens":30,"cache_creation_input_tokens":40,"cache_read_input_tokens":30,"output_tokens":20}}
                {"type":"message_stop"}""");
    }

    @Test
    void callsThatComeByTurnsStandOneAfterTheOther() throws Exception {
        PROVIDER.tell(
                new Started("", "m"),
                new ToolCallStarted(0, "c0", "t"),
                new ToolCallStarted(1, "c1", "t"),
                new ToolCallDelta(1, "{\"b\":\"}"),
                new ToolCallDelta(0, "{\"a\":{}"),
                new ToolCallDelta(1, "\"}"),
                new ToolCallDelta(0, "}"),
                new Finished(FinishReason.TOOL_CALLS, Optional.empty()));
        List<JsonNode> blocks = Stream.of(
                        stream(ASK.formatted(", \"stream\": true")).split("\n"))
                .filter(l -> l.startsWith("data: {\"type\":\"content_block"))
                .map(AnthropicIT::json)
                .toList();
        assertThat(blocks)
                .extracting(b -> b.path("type").asText().substring(14)
                        + b.path("index")
                        + b.at("/content_block/id").asText()
                        + b.at("/delta/partial_json").asText())
                .containsExactly(
                        "start0c0", "delta0{\"a\":{}", "delta0}", "stop0", "start1c1", "delta1{\"b\":\"}\"}", "stop1");
    }

    @Test
    void aCallWithoutArgumentsHasNoPiecesOfThem() throws Exception {
        PROVIDER.tell(
                new Started("", "m"),
                new ToolCallStarted(0, "c0", "t"),
                new ToolCallDelta(0, "{}"),
                new ToolCallStarted(1, "c1", "t"),
                new ToolCallDelta(1, "{\"a\":"),
                new ToolCallDelta(1, "{}"),
                new ToolCallDelta(1, "}"),
                new Finished(FinishReason.TOOL_CALLS, Optional.empty()));
        String body = stream(ASK.formatted(", \"stream\": true"));
        assertThat(body.lines()
                        .filter(l -> l.contains("input_json_delta"))
                        .map(l -> json(l).at("/delta/partial_json").asText()))
                .containsExactly("{\"a\":", "{}", "}");
        assertThat(body.lines().filter(l -> l.contains("\"type\":\"tool_use\"")))
                .hasSize(2);
    }

    @Test
    void whatCameInThisDialectGoesOutUnchanged() throws Exception {
        PROVIDER.answer = Completion.of("m", "other", Usage.of(1, 1))
                .withWire(new Wire(Wire.ANTHROPIC_MESSAGES, "{ \"as\": \"it came\" }"));
        assertThat(server.post("/v1/messages", ASK.formatted("")).body()).isEqualTo("{ \"as\": \"it came\" }");

        PROVIDER.tell(
                new OnTheWire(new Wire(Wire.ANTHROPIC_MESSAGES, "message_start", "{\"a\":1\n}")),
                new Started("", "m"),
                new OnTheWire(new Wire(Wire.ANTHROPIC_MESSAGES, "x", "{\"b\": 2}")),
                new TextDelta("hello"),
                END);
        assertThat(stream(ASK.formatted(", \"stream\": true")))
                .isEqualTo("event: message_start\ndata: {\"a\":1 }\n\nevent: x\ndata: {\"b\": 2}\n\n");
    }

    @Test
    void whatOnlyTheVendorDoesIsRefusedElsewhere() throws Exception {
        String search = ASK.formatted(", \"tools\": [{\"type\": \"web_search_20250305\", \"name\": \"web_search\"}]");
        ask(search);
        assertThat(PROVIDER.request.extensions())
                .containsEntry("anthropic:tools", "[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]");
        assertThat(PROVIDER.request.tools()).isEmpty();
        PROVIDER.passes = false;
        try {
            for (String json : List.of(search, ASK.formatted(", \"mcp_servers\": [{\"type\": \"url\"}]"))) {
                HttpResponse<String> response = server.post("/v1/messages", json);
                assertThat(response.statusCode()).isEqualTo(400);
                assertThat(response.body()).contains("only Anthropic");
            }
        } finally {
            PROVIDER.passes = true;
        }
    }

    @Test
    void aRefusalIsAReasonOfTheEnd() throws Exception {
        PROVIDER.tell(new Started("", "m"), new CompletionEvent.RefusalDelta("no"), END);
        JsonNode answer = ask(ASK.formatted(""));
        assertThat(answer.at("/content/0/text").asText()).isEqualTo("no");
        assertThat(answer.path("stop_reason").asText()).isEqualTo("refusal");
        assertThat(stream(ASK.formatted(", \"stream\": true"))).contains("\"stop_reason\":\"refusal\"");
    }

    @Test
    void eventsLeaveAtOnceAndSilenceIsBrokenByPings() throws Exception {
        SteeredProvider steered = new SteeredProvider();
        var registration = server.provide("steered", steered);
        String ask = ASK.formatted(", \"stream\": true").replace("p/m", "steered/m");
        try (BufferedReader lines = open(ask)) {
            assertThat(lines.readLine()).isEqualTo("event: ping");
            steered.start();
            steered.say("one");
            assertThat(await(lines, "content_block_delta").at("/delta/text").asText())
                    .isEqualTo("one");
            steered.say("two");
            assertThat(await(lines, "content_block_delta").at("/delta/text").asText())
                    .isEqualTo("two");
            steered.fail(new UnavailableException("the upstream left"));
            JsonNode error = await(lines, "error");
            assertThat(error.at("/error/type").asText()).isEqualTo("overloaded_error");
            assertThat(error.at("/error/message").asText()).contains("the upstream left");
            assertThat(error.path("request_id").asText()).startsWith("req_");
            assertThat(lines.lines().filter(l -> !l.isEmpty())).isEmpty();
        } finally {
            registration.unregister();
        }
    }

    @Test
    void versionsAreTold() throws Exception {
        String hot = ASK.formatted(", \"temperature\": 0.5");
        assertThat(status("2023-06-01", hot)).isEqualTo(200);
        assertThat(status("2026-10-21", hot)).isEqualTo(400);
        assertThat(status("2026-10-21", ASK.formatted(", \"top_p\": 0.5"))).isEqualTo(400);
        assertThat(status("2026-10-21", ASK.formatted(", \"top_k\": 5"))).isEqualTo(400);
        assertThat(status("2026-10-21", ASK.formatted(""))).isEqualTo(200);
        assertThat(status("2020-01-01", ASK.formatted(""))).isEqualTo(400);
        assertThat(server.post("/v1/messages", hot).statusCode()).isEqualTo(200);
    }

    private static int status(String version, String json) throws Exception {
        return server.http
                .send(
                        builder("/v1/messages", json)
                                .header("anthropic-version", version)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void errorsHaveTheVendorsShape() throws Exception {
        for (var expected : Map.<ForgeException, String>of(
                        new ContextLengthException("too long"), "400 invalid_request_error",
                        new RateLimitedException("slow down"), "429 rate_limit_error",
                        new QuotaException("used up"), "402 billing_error",
                        new UnavailableException("gone"), "529 overloaded_error")
                .entrySet()) {
            PROVIDER.error = expected.getKey();
            HttpResponse<String> response = server.post("/v1/messages", ASK.formatted(""));
            JsonNode body = Json.read(response.body());
            assertThat(body.path("type").asText()).isEqualTo("error");
            assertThat(response.statusCode() + " " + body.at("/error/type").asText())
                    .isEqualTo(expected.getValue());
            assertThat(body.at("/error/message").asText())
                    .contains(expected.getKey().getMessage());
            assertThat(response.headers().firstValue("request-id"))
                    .hasValue(body.path("request_id").asText());
        }
        PROVIDER.error = null;
        for (String wrong : List.of(
                "{}",
                "[",
                ASK.formatted("").replace("\"max_tokens\": 9, ", ""),
                ASK.formatted(", \"temperature\": 2"),
                ASK.formatted(", \"thinking\": {\"type\": \"enabled\"}"),
                ASK.formatted("").replace("\"hi\"", "[{\"text\": \"no type\"}]"),
                ASK.formatted("").replace("\"user\"", "\"nobody\""))) {
            HttpResponse<String> response = server.post("/v1/messages", wrong);
            assertThat(response.statusCode()).as(wrong).isEqualTo(400);
            assertThat(Json.read(response.body()).at("/error/type").asText()).isEqualTo("invalid_request_error");
        }
        HttpResponse<String> lost = server.post("/v1/messages/nowhere", "{}");
        assertThat(lost.statusCode()).isEqualTo(404);
        assertThat(Json.read(lost.body()).at("/error/type").asText()).isEqualTo("not_found_error");
    }

    @Test
    void tokensAreCounted() throws Exception {
        HttpResponse<String> response = server.post(
                "/v1/messages/count_tokens",
                ASK.formatted("").replace("\"max_tokens\": 9, ", "").replace("hi", "how do you do?"));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Json.read(response.body()).path("input_tokens").asLong()).isPositive();
    }

    @Test
    void modelsAreListedForWhoSaysTheVersion() throws Exception {
        assertThat(Json.read(server.get("/v1/models").body()).path("object").asText())
                .isEqualTo("list");
        JsonNode list = models("");
        assertThat(list.at("/data/0/type").asText()).isEqualTo("model");
        assertThat(list.path("has_more").asBoolean()).isFalse();
        assertThat(list.at("/data/0/id").asText()).isEqualTo("p/m");
        assertThat(models("?limit=1").path("has_more").asBoolean()).isTrue();
        assertThat(models("?limit=1&after_id=p/m").at("/data/0/id").asText()).isEqualTo("p/n");
        assertThat(models("?limit=1&before_id=p/n").at("/data/0/id").asText()).isEqualTo("p/m");
        assertThat(models("/p/m").path("display_name").asText()).isEqualTo("p/m");
        assertThat(models("/nobody").at("/error/type").asText()).isEqualTo("not_found_error");
    }

    private static JsonNode models(String rest) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/v1/models" + rest))
                .header("anthropic-version", "2023-06-01")
                .build();
        return Json.read(
                server.http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static JsonNode ask(String json) throws Exception {
        HttpResponse<String> response = server.post("/v1/messages", json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Json.read(response.body());
    }

    private static String stream(String json) throws Exception {
        HttpResponse<String> response = server.post("/v1/messages", json);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        return response.body();
    }

    private static HttpRequest.Builder builder(String path, String json) {
        return HttpRequest.newBuilder(server.address().resolve(path)).POST(HttpRequest.BodyPublishers.ofString(json));
    }

    private static BufferedReader open(String json) {
        HttpResponse<InputStream> response = server.http
                .sendAsync(builder("/v1/messages", json).build(), HttpResponse.BodyHandlers.ofInputStream())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    private static JsonNode await(BufferedReader lines, String event) throws Exception {
        String line = lines.readLine();
        while (line != null && !line.equals("event: " + event)) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        return json(lines.readLine());
    }

    private static JsonNode json(String line) {
        try {
            return Json.read(line.substring(6));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
