package forge.ai.runtime.llm;

import forge.ai.api.ErrorDetails;
import forge.ai.api.ForgeException;
import forge.ai.api.ProtocolException;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.CompletionStream;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An attempt to get an answer piece by piece. */
final class StreamAttempt extends Attempt {

    private final Ask<CompletionStream> ask;
    private final Executor executor;
    private final EventChannel channel = new EventChannel();
    /** Held while the stream is closed: the attempt is not over before that is. */
    private final ReentrantLock closing = new ReentrantLock();

    private volatile @Nullable CompletionStream upstream;

    StreamAttempt(Permit permit, Ask<CompletionStream> ask, Executor executor) {
        super(permit);
        this.ask = ask;
        this.executor = executor;
    }

    EventChannel channel() {
        return channel;
    }

    @Override
    void call() {
        try {
            CompletionStream stream = ask.of(
                    permit().service(),
                    permit().target().model(),
                    permit().limit(),
                    permit().account().span());
            upstream = stream;
            if (!cancelled()) {
                pump(stream);
            }
        } catch (Throwable e) {
            if (!cancelled()) {
                ForgeException failure = Failures.of(e, permit().target().provider());
                permit().failed(failure);
                channel.fail(failure);
            }
        } finally {
            closeUpstream();
        }
    }

    private void pump(CompletionStream stream) throws InterruptedException {
        boolean content = false;
        while (stream.hasNext()) {
            CompletionEvent event = stream.next();
            boolean more = content(event);
            if (!content && more) {
                content = true;
                permit().succeeded();
                permit().account().first();
            } else if (more && !(event instanceof CompletionEvent.Finished)) {
                permit().account().further();
            }
            SpanWords.describe(event, permit().account().span());
            permit().account().more(characters(event));
            if (event instanceof CompletionEvent.Finished finished) {
                permit().account().completed(finished.usage());
            }
            if (!channel.put(event) || event instanceof CompletionEvent.Finished) {
                return;
            }
        }
        throw new ProtocolException(
                "the stream of '" + permit().target().name() + "' ended in the middle of the answer",
                ErrorDetails.ofProvider(permit().target().provider()));
    }

    /** Whether a reader would notice if another provider took over after this. */
    static boolean content(CompletionEvent event) {
        return switch (event) {
            case CompletionEvent.Started e -> false;
            case CompletionEvent.OnTheWire e -> false;
            case CompletionEvent.TextDelta e -> !e.text().isEmpty();
            default -> true;
        };
    }

    private static long characters(CompletionEvent event) {
        return switch (event) {
            case CompletionEvent.TextDelta e -> e.text().length();
            case CompletionEvent.ThinkingDelta e -> e.text().length();
            case CompletionEvent.RefusalDelta e -> e.text().length();
            case CompletionEvent.ToolCallStarted e -> e.name().length();
            case CompletionEvent.ToolCallDelta e -> e.arguments().length();
            case CompletionEvent.Whole e -> AnswerShape.characters(e.content());
            default -> 0;
        };
    }

    /** Closing the stream upstream is the provider's code, which may take its time: nobody waits for it here. */
    @Override
    void cancel() {
        super.cancel();
        channel.close();
        if (upstream != null) {
            Calls.aside(executor, this::closeUpstream);
        }
    }

    private void closeUpstream() {
        closing.lock();
        try {
            CompletionStream stream = upstream;
            upstream = null;
            Thread.interrupted();
            if (stream != null) {
                stream.close();
            }
        } catch (Throwable e) {
            Failures.of(e, permit().target().provider());
        } finally {
            closing.unlock();
        }
    }
}
