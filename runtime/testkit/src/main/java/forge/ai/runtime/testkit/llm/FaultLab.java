package forge.ai.runtime.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import forge.ai.api.ErrorCode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Message;
import forge.ai.runtime.testkit.LoggedText;
import forge.ai.runtime.testkit.ScriptedExchange;
import forge.ai.runtime.testkit.ScriptedUpstream;
import forge.ai.runtime.testkit.ThreadCensus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** An upstream that fails, calls to it, and what they leave behind; the key and the prompt are in no error and no log. */
final class FaultLab {

    /** So long may what should come at once take on a busy machine. */
    static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String PROMPT = "Zanzibar";
    private static final String MODEL = "m";

    final ScriptedUpstream upstream = new ScriptedUpstream();
    final ChatRequest request = ChatRequest.of(MODEL, Message.user(PROMPT));

    /** What the last stream gave before it failed. */
    final List<CompletionEvent> events = new ArrayList<>();

    private final LoggedText logged = new LoggedText();
    private final ThreadCensus before;
    private final String key;
    private final String name;

    FaultLab(String key, String name) {
        this.key = key;
        this.name = name;
        try {
            before = ThreadCensus.now();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ForgeException whole(LlmProvider provider) {
        return failure(() -> provider.chat(request));
    }

    ForgeException streamed(LlmProvider provider) {
        events.clear();
        return failure(() -> {
            try (CompletionStream stream = provider.streamChat(request)) {
                stream.forEachRemaining(events::add);
            }
        });
    }

    List<ForgeException> both(LlmProvider provider) {
        return List.of(whole(provider), streamed(provider));
    }

    /** The texts that the last stream gave. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (CompletionEvent event : events) {
            if (event instanceof CompletionEvent.TextDelta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }

    ForgeException failure(Runnable call) {
        try {
            call.run();
        } catch (ForgeException e) {
            StringWriter all = new StringWriter();
            e.printStackTrace(new PrintWriter(all));
            assertNoSecret(all + " " + e.details());
            assertThat(e.details().provider()).isEqualTo(name);
            return e;
        }
        throw new AssertionError("it succeeded");
    }

    private void assertNoSecret(String text) {
        assertThat(text).doesNotContain(PROMPT);
        if (!key.isEmpty()) {
            assertThat(text).doesNotContain(key);
        }
    }

    /** It is over in time, no sooner than the limit and not for ever, and the upstream sees that. */
    void timesOut(long millis, Runnable call) {
        long begin = System.nanoTime();
        ForgeException e = failure(call);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(millis - 10), LIMIT);
        assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(e).hasMessageContaining("ms");
        await("the upstream's connection ends", () -> upstream.open() == 0);
    }

    /** Sends what the client takes, at most for a while. */
    static void untilDisconnected(ScriptedExchange x, ScriptedUpstream.Script step) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < end && !x.awaitDisconnect(Duration.ofMillis(10))) {
            step.answer(x);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s within %s", what, LIMIT).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    /** Bytes of the heap in use now that nobody needs the rest. */
    static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Waits until no more is in use than was, but for what a test needs for itself. */
    static void awaitHeap(long before, long more) {
        await("the heap is at most " + more + " above " + before, () -> heap() < before + more);
    }

    /** After the providers are closed: connections and threads are gone. */
    void close() throws IOException, InterruptedException {
        try {
            await("no connection is left", () -> upstream.open() == 0);
        } finally {
            upstream.close();
            logged.close();
        }
        before.awaitNoOthers(LIMIT);
        assertNoSecret(logged.text());
    }
}
