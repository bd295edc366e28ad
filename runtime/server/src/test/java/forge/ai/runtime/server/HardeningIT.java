package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no well-behaved client sends: answered with 4xx, never with 5xx and never not at all. */
@Timeout(60)
class HardeningIT {

    private static final String JSON = "Host: localhost\r\nContent-Type: application/json\r\n";

    @TempDir
    private static Path folder;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new RunningServer(folder, Map.of("idleSeconds", 1, "maxBodyBytes", 65_536));
        server.provide("echo", new EchoProvider());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "\"text\"",
                "{",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800",
                "{\"model\":\"echo/m\"} {}",
                "{\"model\":\"echo/m\",\"model\":1}",
                "{\"model\":1,\"messages\":[]}",
                "{\"model\":\"echo/m\",\"messages\":{}}",
                "{\"model\":\"echo/m\",\"messages\":[1]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"nobody\",\"content\":\"x\"}]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}]}]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"not a url\"}}]}]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"seed\":123456789012345678901234567890}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":1e9999}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"temperature\":NaN}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":1.5}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"max_tokens\":-1}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":[\"\"]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{}]}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":7}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"response_format\":{\"type\":\"xml\"}}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":\"yes\"}",
                "{\"model\":\"echo/m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream_options\":[]}"
            })
    void refusesBodies(String body) throws Exception {
        assertThat(server.post("/v1/chat/completions", body).statusCode()).isEqualTo(400);
        assertThat(server.post("/v1/completions", body).statusCode()).isEqualTo(400);
        assertThat(server.post("/v1/embeddings", body).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesTokenIds() throws Exception {
        for (String ids : new String[] {"[1,2]", "[[1,2]]"}) {
            assertThat(server.post("/v1/embeddings", "{\"model\":\"echo/m\",\"input\":" + ids + "}")
                            .body())
                    .contains("token ids are not held");
            assertThat(server.post("/v1/completions", "{\"model\":\"echo/m\",\"prompt\":" + ids + "}")
                            .body())
                    .contains("token ids are not held");
        }
    }

    @Test
    void refusesBytesThatAreNoUtf8() throws Exception {
        String answer = raw(
                "POST /v1/embeddings HTTP/1.1\r\n" + JSON + "Connection: close\r\nContent-Length: 12\r\n\r\n",
                new byte[] {'{', '"', 'm', 'o', '"', ':', '"', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, '"', '}'});
        assertThat(answer).startsWith("HTTP/1.1 400").contains("not JSON in UTF-8");
    }

    @Test
    void refusesLargeBodiesAnnouncedOrNot() throws Exception {
        String announced = raw("POST /v1/embeddings HTTP/1.1\r\n" + JSON + "Content-Length: 9999999999\r\n\r\n");
        assertThat(announced).startsWith("HTTP/1.1 413").contains("\"request_too_large\"");
        String chunk = "4000\r\n" + "x".repeat(0x4000) + "\r\n";
        String chunked =
                raw("POST /v1/embeddings HTTP/1.1\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(5));
        assertThat(chunked).startsWith("HTTP/1.1 413");
    }

    @Test
    void refusesBrokenChunks() throws Exception {
        String answer =
                raw("POST /v1/embeddings HTTP/1.1\r\n" + JSON + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400");
    }

    @Test
    void doesNotWaitForSlowBodies() throws Exception {
        String answer = raw("POST /v1/embeddings HTTP/1.1\r\n" + JSON + "Content-Length: 100\r\n\r\n{\"mod");
        assertThat(answer).startsWith("HTTP/1.1 408").contains("\"error\"");
    }

    @Test
    void doesNotWaitForSlowHeads() throws Exception {
        assertThat(raw("POST /v1/embed")).doesNotContain("200");
    }

    @Test
    void refusesLargeHeads() throws Exception {
        assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431");
    }

    @Test
    void refusesWebPagesFromElsewhere() throws Exception {
        String end = "Connection: close\r\n\r\n";
        assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n" + end))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n" + end))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: rebound.example:8080\r\n" + end))
                .startsWith("HTTP/1.1 403");
        assertThat(raw("GET /v1/models HTTP/1.1\r\nHost: [::1]:8080\r\nOrigin: http://localhost:3000\r\n" + end))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/%zz",
                "/v1/models/%",
                "/v1/../x",
                "//",
                "/v1/models/%00",
                "/%2e%2e/x",
                "/v1;x=1/models"
            })
    void refusesOddPaths(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d.*");
    }

    private static String raw(String request) throws Exception {
        return raw(request, new byte[0]);
    }

    /** What is answered until the server closes the connection. */
    private static String raw(String request, byte[] more) throws Exception {
        try (Socket socket = server.connect()) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(more);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
