package forge.ai.runtime.hub;

import forge.ai.api.llm.PullProgress;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells a listener how far a pull is, not more often than somebody could look. */
final class Progress {

    private static final long PAUSE_NANOS = 100_000_000;

    private final Consumer<PullProgress> listener;
    private long told;
    private @Nullable RuntimeException ended;

    Progress(Consumer<PullProgress> listener) {
        this.listener = listener;
    }

    /** What is being done now. */
    void step(String status) {
        tell(new PullProgress(status, "", 0, OptionalLong.empty()));
    }

    private void tell(PullProgress progress) {
        try {
            listener.accept(progress);
        } catch (RuntimeException e) {
            ended = e;
            throw e;
        }
    }

    /** Whether an error is the listener's, who wants no more of it. */
    boolean ended(RuntimeException error) {
        return ended == error;
    }

    /** How much of a file is there; its beginning and its end are always told. */
    void file(HubFile file, long completed) {
        long now = System.nanoTime();
        if (completed == 0 || completed == file.size() || now - told >= PAUSE_NANOS) {
            told = now;
            tell(new PullProgress("pulling " + file.path(), file.path(), completed, OptionalLong.of(file.size())));
        }
    }
}
