package forge.ai.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import forge.ai.api.AuthenticationException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.llm.OpenAiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two keys of which one is taken away: no call fails. */
@Timeout(60)
class KeyRotationTest {

    private static final ChatRequest REQUEST = ChatRequest.of(OpenAiServer.MODEL, Message.user("abc"));

    private final OpenAiServer server = new OpenAiServer();
    private final Set<String> valid = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refusals = new AtomicInteger();
    private final ScriptedUpstream first = new ScriptedUpstream();
    private final ScriptedUpstream second = new ScriptedUpstream();
    private final AzureProvider provider = new AzureProvider(
            AzureConfigs.at(Map.of("apiKeys", new String[] {"key-1", "key-2"}), first.uri(), second.uri()));

    KeyRotationTest() {
        first.script(this::answer);
        second.script(server::answer);
        valid.add("key-1");
    }

    @AfterEach
    void close() {
        provider.close();
        first.close();
        second.close();
    }

    private void answer(ScriptedExchange x) throws Exception {
        if (valid.contains(x.header("api-key"))) {
            server.answer(x);
        } else {
            refusals.incrementAndGet();
            x.answer(401, "application/json", "{\"error\":{\"code\":\"401\",\"message\":\"Access denied\"}}");
        }
    }

    private void only(String key) {
        valid.clear();
        valid.add(key);
    }

    @Test
    void aRefusedKeyIsReplacedByTheOtherWhichStays() {
        assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        only("key-2");
        assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
        assertThat(provider.embed(EmbeddingRequest.of(OpenAiServer.MODEL, "abc"))
                        .vectors())
                .hasSize(1);
        provider.probe();
        assertThat(refusals).as("the other key stays").hasValue(1);
        only("key-1");
        assertThat(Completion.of(provider.streamChat(REQUEST)).text()).isEqualTo("cba");
        assertThat(provider.chat(REQUEST).text()).isEqualTo("cba");
        assertThat(refusals).hasValue(2);
    }

    @Test
    void noCallOfManyFailsWhileKeysAreRotated() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> callers = new ArrayList<>();
            for (int caller = 0; caller < 8; caller++) {
                boolean streams = caller % 2 == 0;
                callers.add(threads.submit(() -> {
                    for (int call = 0; call < 100; call++) {
                        String text = streams
                                ? Completion.of(provider.streamChat(REQUEST)).text()
                                : provider.chat(REQUEST).text();
                        assertThat(text).isEqualTo("cba");
                    }
                }));
            }
            // Far enough from each other that no call meets two of them.
            for (int rotation = 0; callers.stream().anyMatch(c -> !c.isDone()); rotation++) {
                int before = first.requests().size();
                valid.add(rotation % 2 == 0 ? "key-2" : "key-1");
                valid.remove(rotation % 2 == 0 ? "key-1" : "key-2");
                while (first.requests().size() < before + 200
                        && callers.stream().anyMatch(c -> !c.isDone())) {
                    Thread.onSpinWait();
                }
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
        }
        assertThat(refusals).hasPositiveValue();
        assertThat(second.requests())
                .as("a refused key is no reason for another region")
                .isEmpty();
    }

    @Test
    void withoutAValidKeyTheCallFailsOnce() {
        valid.clear();
        assertThatThrownBy(() -> provider.chat(REQUEST))
                .isInstanceOf(AuthenticationException.class)
                .hasMessage("azure: Access denied")
                .hasMessageNotContaining("key-");
        assertThat(refusals).as("each key once").hasValue(2);
        assertThat(second.requests()).isEmpty();
    }
}
