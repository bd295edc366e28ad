package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.ForgeException;
import forge.ai.api.llm.PullProgress;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.HttpStream;
import forge.ai.runtime.support.http.TimeLimits;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.ndjson.NdjsonReader;
import forge.ai.runtime.support.thread.CallThreads;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * Fetches one model. It may take hours, so there is no limit for all of it; Ollama falls silent while it checks what it
 * has fetched, so that a line may take as long as a whole answer. Lines are read in a thread of their own, one at a time,
 * because the caller's may be of a kind whose reading cannot be interrupted.
 */
final class Pull implements AutoCloseable {

    private final HttpStream http;
    private final TimeLimits limits;
    private final NdjsonReader lines;
    private final ExecutorService threads = new CallThreads("pull-");

    Pull(HttpStream http, TimeLimits limits) {
        this.http = http;
        this.limits = limits;
        this.lines = new NdjsonReader(http::read);
    }

    void run(Consumer<PullProgress> listener) {
        HttpAnswer head = http.awaitHead(limits.request());
        boolean success = false;
        while (!success) {
            byte[] line = next(head)
                    .orElseThrow(() -> http.errors().protocol("the stream ended before the model was there", head));
            JsonNode root = read(line, head);
            String status = Json.text(root, "status");
            success = status.equals("success");
            listener.accept(new PullProgress(
                    status,
                    Json.text(root, "digest"),
                    Json.number(root, "completed").orElse(0),
                    total(root)));
        }
        http.finish();
    }

    private Optional<byte[]> next(HttpAnswer head) {
        http.limit(limits.request());
        try {
            return threads.submit(lines::next).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw http.errors().cancelled();
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case ForgeException known -> known;
                case IOException unreadable -> http.errors().protocol(unreadable.getMessage(), head);
                default -> new IllegalStateException(e.getCause());
            };
        }
    }

    private JsonNode read(byte[] line, HttpAnswer head) {
        JsonNode root;
        try {
            root = Json.read(line);
        } catch (IOException e) {
            throw http.errors().protocol("a line that is not JSON", head);
        }
        VendorError.in(root).ifPresent(error -> {
            throw http.errors().vendor(error, head);
        });
        if (Json.text(root, "status").isEmpty()) {
            throw http.errors().protocol("a line that says nothing", head);
        }
        return root;
    }

    private static OptionalLong total(JsonNode root) {
        OptionalLong total = Json.number(root, "total");
        return total.orElse(0) > 0 ? total : OptionalLong.empty();
    }

    /** Ends the pull upstream if it is still going on. */
    @Override
    public void close() {
        http.close();
        threads.close();
    }
}
