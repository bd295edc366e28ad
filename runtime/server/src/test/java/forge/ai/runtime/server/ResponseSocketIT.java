package forge.ai.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.json.Json;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The WebSocket mode of Responses, as OpenAI describes it, over a real connection. */
@Timeout(60)
class ResponseSocketIT {

    @TempDir
    private Path folder;

    private final EchoProvider echo = new EchoProvider();
    private final SteeredProvider steered = new SteeredProvider();
    private final List<WebSocket> open = new ArrayList<>();
    private RunningServer server;

    /** Collects what the server says. */
    private static final class Client implements WebSocket.Listener {
        final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        JsonNode next() throws Exception {
            String message = messages.poll(20, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            return Json.read(message);
        }

        /** The events up to the one of this type. */
        List<JsonNode> upTo(String type) throws Exception {
            List<JsonNode> events = new ArrayList<>();
            do {
                events.add(next());
            } while (!events.getLast().path("type").asText().equals(type));
            return events;
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(folder);
        server.provide("echo", echo);
        server.provide("p", steered);
    }

    @AfterEach
    void stop() throws Exception {
        open.forEach(WebSocket::abort);
        server.close();
    }

    private WebSocket open(Client client, String... headers) {
        URI address = URI.create("ws" + server.address().toString().substring(4) + "/v1/responses");
        WebSocket.Builder builder = server.http.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        WebSocket socket = builder.buildAsync(address, client)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
        open.add(socket);
        return socket;
    }

    private static String create(String model, String input, String more) {
        return "{\"type\":\"response.create\",\"model\":\"" + model + "\",\"store\":false,\"input\":\"" + input + "\""
                + more + "}";
    }

    @Test
    void theEventsOfAResponseComeAsMessages() throws Exception {
        Client client = new Client();
        WebSocket socket = open(client);
        socket.sendText(create("echo/m", "one two", ""), true).join();
        List<JsonNode> events = client.upTo("response.completed");
        assertThat(events)
                .extracting(e -> e.path("type").asText())
                .startsWith("response.created", "response.in_progress", "response.output_item.added")
                .containsSubsequence("response.output_text.delta", "response.output_text.delta");
        assertThat(events).extracting(e -> e.path("sequence_number").asInt()).isSorted();
        JsonNode response = events.getLast().path("response");
        assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("one two");

        socket.sendText(
                        create(
                                "echo/m",
                                "three",
                                ",\"instructions\":\"be brief\",\"previous_response_id\":\""
                                        + response.path("id").asText() + "\""),
                        true)
                .join();
        client.upTo("response.completed");
        assertThat(echo.chat.messages())
                .containsExactly(
                        Message.system("be brief"),
                        Message.user("one two"),
                        Message.assistant("one two"),
                        Message.user("three"));
    }

    @Test
    void aRequestCanPrepareTheNext() throws Exception {
        Client client = new Client();
        WebSocket socket = open(client);
        socket.sendText(create("echo/m", "before", ",\"generate\":false"), true).join();
        JsonNode prepared = client.upTo("response.completed").getLast().path("response");
        assertThat(prepared.path("output")).isEmpty();
        assertThat(echo.chat).isNull();
        String id = prepared.path("id").asText();
        socket.sendText(create("echo/m", "after", ",\"previous_response_id\":\"" + id + "\""), true)
                .join();
        client.upTo("response.completed");
        assertThat(echo.chat.messages()).containsExactly(Message.user("before"), Message.user("after"));
    }

    @Test
    void whatIsWrongIsToldAndTheConnectionStays() throws Exception {
        Client client = new Client();
        WebSocket socket = open(client);
        for (String wrong :
                List.of("no json", "[]", "{}", "{\"type\":\"x\"}", create("echo/m", "x", ",\"background\":true"))) {
            socket.sendText(wrong, true).join();
            JsonNode error = client.next();
            assertThat(error.path("type").asText()).isEqualTo("error");
            assertThat(error.path("status").asInt()).isEqualTo(400);
            assertThat(error.at("/error/message").asText()).isNotEmpty();
        }
        socket.sendText(create("echo/m", "x", ",\"previous_response_id\":\"resp_1\""), true)
                .join();
        assertThat(client.next().at("/error/code").asText()).isIn("previous_response_not_found", "unavailable");
        socket.sendText(create("none/m", "x", ""), true).join();
        assertThat(client.next().at("/error/code").asText()).isEqualTo("model_not_found");
        socket.sendText(create("echo/m", "still there", ""), true).join();
        client.upTo("response.completed");
    }

    @Test
    void oneResponseIsMadeAtATime() throws Exception {
        Client client = new Client();
        WebSocket socket = open(client);
        socket.sendText(create("p/m", "x", ""), true).join();
        steered.asked.await();
        socket.sendText(create("echo/m", "next", ""), true).join();
        socket.sendText(create("p/m", "y", ""), true).join();
        JsonNode refused = client.next();
        assertThat(refused.path("type").asText()).isEqualTo("error");
        assertThat(refused.path("status").asInt()).isEqualTo(409);
        steered.start();
        steered.say("a");
        steered.finish();
        client.upTo("response.completed");
        client.upTo("response.completed");
        assertThat(echo.chat.messages()).containsExactly(Message.user("next"));
    }

    @Test
    void aClientThatLeavesEndsTheCallUpstream() throws Exception {
        Client client = new Client();
        WebSocket socket = open(client);
        socket.sendText(create("p/m", "x", ""), true).join();
        steered.asked.await();
        steered.start();
        steered.say("a");
        client.upTo("response.output_text.delta");
        socket.abort();
        assertThat(steered.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aServerThatStopsLetsTheResponseFinishAndSaysGoodBye() throws Exception {
        Client client = new Client();
        WebSocket socket = open(client);
        socket.sendText(create("p/m", "x", ""), true).join();
        steered.asked.await();
        Thread stopping = Thread.ofVirtual().start(() -> {
            try {
                server.framework().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        steered.start();
        steered.say("a");
        steered.finish();
        client.upTo("response.completed");
        assertThat(client.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
        stopping.join();
    }

    @Test
    void aPageFromElsewhereGetsNoSocket() {
        assertThatThrownBy(() -> open(new Client(), "Origin", "https://elsewhere.example"))
                .isInstanceOf(CompletionException.class);
    }
}
