package forge.ai.runtime.server;

import forge.ai.api.CancelledException;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnavailableException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import forge.ai.api.llm.Usage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;

/**
 * Does what the request's text says, {@code ID WHAT INPUT OUTPUT}, and keeps count: {@code ok} answers and says that it
 * took so many tokens, {@code silent} answers without saying so, {@code wrong} and {@code down} fail, {@code away} fails
 * at the first provider alone, {@code cut} breaks off, {@code hang} never ends.
 */
final class CountingUpstream {

    /** What has been seen. */
    final LongAdder asked = new LongAdder();

    final LongAdder completed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder inputTokens = new LongAdder();
    final LongAdder outputTokens = new LongAdder();
    /** By the id of the request: here now. */
    final Map<String, CountDownLatch> hanging = new ConcurrentHashMap<>();

    private record Script(String id, String what, Usage usage) {
        static Script of(String text) {
            String[] words = text.split(" ");
            return new Script(words[0], words[1], Usage.of(Long.parseLong(words[2]), Long.parseLong(words[3])));
        }
    }

    CountDownLatch hanging(String id) {
        return hanging.computeIfAbsent(id, i -> new CountDownLatch(1));
    }

    LlmProvider provider(boolean first) {
        return new Counting(first);
    }

    private final class Counting implements LlmProvider {
        private final boolean first;

        Counting(boolean first) {
            this.first = first;
        }

        @Override
        public List<LlmModel> models() {
            return List.of(LlmModel.of("m"));
        }

        private Script asked(String text) {
            Script script = Script.of(text);
            asked.increment();
            if (script.what().equals("wrong")) {
                failed.increment();
                throw new InvalidRequestException("wrong");
            }
            if (script.what().equals("down") || script.what().equals("away") && first) {
                failed.increment();
                throw new UnavailableException("down");
            }
            return script;
        }

        @Override
        public Completion chat(ChatRequest request) {
            Script script = asked(text(request));
            if (script.what().equals("hang")) {
                hanging(script.id()).countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new CancelledException("interrupted");
                }
            }
            return Completion.of(new Answering(script));
        }

        @Override
        public CompletionStream streamChat(ChatRequest request) {
            return new Answering(asked(text(request)));
        }

        @Override
        public Embeddings embed(EmbeddingRequest request) {
            Script script = asked(request.inputs().getFirst());
            return new Embeddings(request.model(), List.of(new float[] {1, 2}), completed(script));
        }
    }

    /** Counts an answer that is given; what it says that it took. */
    private Optional<Usage> completed(Script script) {
        completed.increment();
        if (script.what().equals("silent")) {
            return Optional.empty();
        }
        inputTokens.add(script.usage().inputTokens());
        outputTokens.add(script.usage().outputTokens());
        return Optional.of(script.usage());
    }

    private static String text(ChatRequest request) {
        return Content.text(request.messages().getLast().content());
    }

    /** An answer piece by piece, counted when its end is handed over. */
    private final class Answering implements CompletionStream {
        private final Script script;
        private final Iterator<CompletionEvent> events;
        private final CountDownLatch closed = new CountDownLatch(1);
        private int given;

        Answering(Script script) {
            this.script = script;
            List<CompletionEvent> all = new ArrayList<>();
            all.add(new CompletionEvent.Started("id", "m"));
            for (int i = 0; i < 4; i++) {
                all.add(new CompletionEvent.TextDelta("piece " + i));
            }
            events = all.iterator();
        }

        @Override
        public boolean hasNext() {
            if (given == 3 && script.what().equals("cut")) {
                failed.increment();
                throw new UnavailableException("cut");
            }
            if (given == 3 && script.what().equals("hang")) {
                hanging(script.id()).countDown();
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new CancelledException("closed");
            }
            return given < 6;
        }

        @Override
        public CompletionEvent next() {
            given++;
            return events.hasNext()
                    ? events.next()
                    : new CompletionEvent.Finished(FinishReason.STOP, completed(script));
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
