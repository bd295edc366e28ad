package forge.ai.runtime.server;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers when, and with what, the test says. */
final class SteeredProvider implements LlmProvider {

    private final BlockingQueue<Object> next = new LinkedBlockingQueue<>();
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    final AtomicInteger taken = new AtomicInteger();

    void say(String text) {
        next.add(new CompletionEvent.TextDelta(text));
    }

    void start() {
        next.add(new CompletionEvent.Started("", "m"));
    }

    void fail(ForgeException error) {
        next.add(error);
    }

    void finish() {
        next.add(new CompletionEvent.Finished(FinishReason.STOP, Optional.of(Usage.of(1, 1))));
    }

    @Override
    public List<LlmModel> models() {
        return List.of();
    }

    @Override
    public Completion chat(ChatRequest request) {
        return Completion.of(streamChat(request));
    }

    @Override
    public CompletionStream streamChat(ChatRequest request) {
        asked.countDown();
        return new CompletionStream() {
            private @Nullable CompletionEvent ahead;
            private volatile boolean over;
            private boolean done;

            @Override
            public boolean hasNext() {
                if (done) {
                    return false;
                }
                try {
                    while (ahead == null) {
                        if (over) {
                            throw new CancelledException("closed");
                        }
                        Object event = next.poll(10, TimeUnit.MILLISECONDS);
                        if (event instanceof ForgeException error) {
                            throw error;
                        }
                        ahead = (CompletionEvent) event;
                    }
                    return true;
                } catch (InterruptedException e) {
                    throw new CancelledException("interrupted");
                }
            }

            @Override
            public CompletionEvent next() {
                CompletionEvent event = ahead;
                ahead = null;
                done = event instanceof CompletionEvent.Finished;
                taken.incrementAndGet();
                return event;
            }

            @Override
            public void close() {
                over = true;
                closed.countDown();
            }
        };
    }
}
