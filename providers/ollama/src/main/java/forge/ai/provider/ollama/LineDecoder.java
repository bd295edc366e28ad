package forge.ai.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.api.llm.Wire;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.http.VendorError;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.json.LogprobRows;
import forge.ai.runtime.support.stream.PieceDecoder;
import forge.ai.runtime.support.stream.PieceTooLargeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a streamed chat or plain completion, a line at a time; the one that is {@code done} is the end. */
final class LineDecoder implements PieceDecoder<byte[]> {

    private final UpstreamErrors errors;
    private final HttpAnswer head;
    private final Expected expected;
    private final Fields fields;
    private final ToolCalls calls;
    /** What was said so far of a call that has to be; it comes whole, as all calls of Ollama. */
    private final StringBuilder forced = new StringBuilder();

    private boolean started;
    private boolean done;

    LineDecoder(UpstreamErrors errors, HttpAnswer head, Expected expected) {
        this.errors = errors;
        this.head = head;
        this.expected = expected;
        this.fields = expected.fields();
        this.calls = new ToolCalls(errors, head);
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void accept(byte[] line, Consumer<CompletionEvent> out) {
        JsonNode root;
        try {
            root = Json.read(line);
        } catch (IOException e) {
            throw errors.protocol("a line that is not JSON", head);
        }
        VendorError.in(root).ifPresent(error -> {
            throw errors.vendor(error, head);
        });
        boolean last = root.path("done").asBoolean();
        if (!last && !fields.says(root)) {
            throw errors.protocol("a line that says nothing", head);
        }
        if (expected.wire()) {
            out.accept(new CompletionEvent.OnTheWire(
                    new Wire(Wire.OLLAMA_CHAT, new String(line, StandardCharsets.UTF_8))));
        }
        start(root, out);
        content(root, out);
        if (last) {
            end(root, out);
        }
    }

    private void start(JsonNode root, Consumer<CompletionEvent> out) {
        if (!started) {
            started = true;
            String name = Json.text(root, "model");
            out.accept(new CompletionEvent.Started("", name.isEmpty() ? expected.model() : name));
        }
    }

    private void content(JsonNode root, Consumer<CompletionEvent> out) {
        String thinking = fields.thinking(root);
        if (!thinking.isEmpty()) {
            out.accept(new CompletionEvent.ThinkingDelta(thinking));
        }
        text(root, out);
        for (JsonNode call : fields.calls(root)) {
            call(root, call, out);
        }
    }

    private void text(JsonNode root, Consumer<CompletionEvent> out) {
        String text = fields.text(root);
        List<TokenLogprob> logprobs = LogprobRows.of(root.path("logprobs"));
        if (expected.forced() != null) {
            if (forced.length() + text.length() > PieceTooLargeException.MAX_BYTES) {
                throw errors.protocol("a call of a tool without end", head);
            }
            forced.append(text);
        } else if (!text.isEmpty() || !logprobs.isEmpty()) {
            out.accept(new CompletionEvent.TextDelta(text, logprobs));
        }
    }

    private void call(JsonNode root, JsonNode call, Consumer<CompletionEvent> out) {
        int index = calls.count();
        Content.ToolCall read = calls.next(root, call);
        out.accept(new CompletionEvent.ToolCallStarted(index, read.id(), read.name()));
        out.accept(new CompletionEvent.ToolCallDelta(index, read.arguments()));
    }

    private void end(JsonNode root, Consumer<CompletionEvent> out) {
        ForcedCall must = expected.forced();
        if (must != null && !Fields.cut(root)) {
            call(root, must.read(forced.toString(), errors, head), out);
        } else if (!forced.isEmpty()) {
            out.accept(new CompletionEvent.TextDelta(forced.toString()));
        }
        Map<String, String> extensions = new HashMap<>();
        Fields.extensions(root, extensions);
        FinishReason finish = Fields.finish(root, calls.count() > 0, extensions);
        done = true;
        out.accept(new CompletionEvent.Finished(finish, "", Fields.usage(root), extensions));
    }
}
