package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A route whose answers are given again, over HTTP. */
@Timeout(60)
class CachedAnswersIT {

    @TempDir
    private static Path folder;

    private static final ScriptedUpstream UPSTREAM = new ScriptedUpstream();
    private static final AtomicInteger ANSWERS = new AtomicInteger();
    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder);
        server.provideOpenAi("up", UPSTREAM.uri());
        server.route(Map.of("name", "kept", "targets", new String[] {"up/m"}, "cache", "repeatable"));
        UPSTREAM.script(CachedAnswersIT::answer);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        UPSTREAM.close();
    }

    private static void answer(ScriptedExchange exchange) throws Exception {
        String text = "answer " + ANSWERS.incrementAndGet();
        if (exchange.body().contains("\"stream\":true")) {
            exchange.begin(200, "text/event-stream");
            for (String piece : text.split("(?<= )")) {
                exchange.chunk(
                        "data: {\"id\":\"x\",\"model\":\"m\",\"odd\":1,\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                                + piece + "\"},\"finish_reason\":null}]}\n\n");
            }
            exchange.chunk("data: {\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                    + "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
            exchange.end();
        } else {
            exchange.answer(200, "application/json", """
                    {"id":"x","object":"chat.completion","model":"m","odd":1,"choices":[{"index":0,
                     "message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}]}""".formatted(text));
        }
    }

    private static HttpResponse<String> ask(String question, boolean stream, double temperature) throws Exception {
        return server.post("/v1/chat/completions", """
                {"model":"kept","stream":%s,"temperature":%s,"messages":[{"role":"user","content":"%s"}]}""".formatted(stream, temperature, question));
    }

    private static void assertGivenAgain(String question, boolean stream) throws Exception {
        HttpResponse<String> first = ask(question, stream, 0);
        int answers = ANSWERS.get();
        HttpResponse<String> second = ask(question, stream, 0);
        assertThat(ANSWERS).hasValue(answers);
        assertThat(second.body()).isEqualTo(first.body()).contains("odd");
        assertThat(first.headers().firstValue("x-forge-cache")).isEmpty();
        assertThat(second.headers().firstValue("x-forge-cache")).contains("hit");
        assertThat(second.headers().firstValue("x-forge-provider")).contains("up");
        assertThat(second.headers().firstValue("x-forge-route")).contains("kept");
    }

    @Test
    void aWholeAnswerIsGivenAgainAsItWas() throws Exception {
        assertGivenAgain("whole", false);
    }

    @Test
    void aStreamIsGivenAgainAsAStream() throws Exception {
        assertGivenAgain("stream", true);
        assertThat(ask("stream", true, 0).headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/event-stream");
    }

    @Test
    void whoWantsVarietyGetsIt() throws Exception {
        assertThat(ask("vary", false, 0.9).body())
                .isNotEqualTo(ask("vary", false, 0.9).body());
    }
}
