package forge.ai.runtime.tools;

import forge.ai.api.CancelledException;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.Attribution;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.CompletionAssembler;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import forge.ai.api.llm.Content;
import forge.ai.api.tool.ToolLoopAnswer;
import forge.ai.api.tool.ToolLoopStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The steps of a loop as one stream. Calls of tools are held back until it is known who runs them. */
final class LoopStream implements ToolLoopStream {

    private final Loop loop;
    private final Function<ChatRequest, CompletionStream> ask;
    private final ArrayDeque<CompletionEvent> ready = new ArrayDeque<>();
    private final List<CompletionEvent> calls = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    private CompletionAssembler assembler = new CompletionAssembler();
    private CompletionStream step;
    private boolean started;
    private boolean closed;
    private @Nullable Thread running;
    private @Nullable ForgeException failure;
    private volatile @Nullable ToolLoopAnswer answer;

    LoopStream(Loop loop, Function<ChatRequest, CompletionStream> ask) {
        this.loop = loop;
        this.ask = ask;
        this.step = ask.apply(loop.next());
    }

    @Override
    public boolean hasNext() {
        if (failure != null) {
            throw failure;
        }
        try {
            while (ready.isEmpty() && answer == null) {
                if (!step.hasNext()) {
                    return false;
                }
                take(step.next());
            }
            return !ready.isEmpty();
        } catch (ForgeException e) {
            failure = e;
            close();
            throw e;
        }
    }

    private void take(CompletionEvent event) {
        assembler.add(event);
        switch (event) {
            case CompletionEvent.Started e -> {
                if (!started) {
                    started = true;
                    ready.add(e);
                }
            }
            case CompletionEvent.ToolCallStarted e -> calls.add(e);
            case CompletionEvent.ToolCallDelta e -> calls.add(e);
            case CompletionEvent.Whole e when e.content() instanceof Content.ToolCall -> calls.add(e);
            case CompletionEvent.Finished e -> finished(e);
            default -> ready.add(event);
        }
    }

    private void finished(CompletionEvent.Finished event) {
        Completion said = assembler.completion();
        Completion completion = step.attribution().map(said::withAttribution).orElse(said);
        Optional<ToolLoopAnswer> end = step(completion);
        if (end.isPresent()) {
            answer = end.get();
            ready.addAll(calls);
            ready.add(new CompletionEvent.Finished(
                    event.reason(), event.stopSequence(), end.get().usage(), event.extensions()));
            return;
        }
        calls.clear();
        assembler = new CompletionAssembler();
        step.close();
        CompletionStream next = ask.apply(loop.next());
        lock.lock();
        try {
            step = next;
            if (closed) {
                next.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Runs the tools in the reader's thread, which closing the stream interrupts. */
    private Optional<ToolLoopAnswer> step(Completion completion) {
        try {
            runs(Thread.currentThread());
            try {
                return loop.step(completion);
            } finally {
                runs(null);
            }
        } catch (InterruptedException e) {
            if (!closed()) {
                Thread.currentThread().interrupt();
            }
            throw new CancelledException("the loop was given up while tools ran");
        }
    }

    private void runs(@Nullable Thread thread) throws InterruptedException {
        lock.lock();
        try {
            running = thread;
            if (closed) {
                // The interrupt was meant for the tools, if it came at all.
                Thread.interrupted();
                throw new InterruptedException();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletionEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the answer is complete");
        }
        return ready.remove();
    }

    @Override
    public Optional<Attribution> attribution() {
        return step.attribution();
    }

    @Override
    public Optional<ToolLoopAnswer> answer() {
        return Optional.ofNullable(answer);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (running != null) {
                running.interrupt();
            }
            step.close();
        } finally {
            lock.unlock();
        }
    }
}
