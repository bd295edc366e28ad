package forge.ai.runtime.server.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The items of a response, made from the events of an answer. What is said and thought is one item at a time; calls of
 * functions may come interleaved and stay open until the answer ends.
 */
final class Output {

    private final Emitter out;
    private final Function<String, String> ids;
    private final boolean encryptedThoughts;
    private final List<OutputItem> items = new ArrayList<>();
    private final Map<Integer, CallItem> calls = new HashMap<>();
    private final List<CallItem> openCalls = new ArrayList<>();
    private @Nullable MessageItem message;
    private @Nullable ReasoningItem reasoning;

    /** @param ids makes an id from its prefix */
    Output(Emitter out, Function<String, String> ids, boolean encryptedThoughts) {
        this.out = out;
        this.ids = ids;
        this.encryptedThoughts = encryptedThoughts;
    }

    void accept(CompletionEvent event) throws IOException {
        switch (event) {
            case CompletionEvent.TextDelta e -> message().text(out, e.text(), e.logprobs());
            case CompletionEvent.RefusalDelta e -> message().refusal(out, e.text());
            case CompletionEvent.ThinkingDelta e -> reasoning().text(out, e.text());
            case CompletionEvent.ThinkingSignature e -> {
                reasoning().seal(e.signature(), "");
                closeReasoning();
            }
            case CompletionEvent.ToolCallStarted e -> calls.put(e.index(), call(e.id(), e.name()));
            case CompletionEvent.ToolCallDelta e -> {
                CallItem call = calls.get(e.index());
                if (call != null) {
                    call.arguments(out, e.arguments());
                }
            }
            case CompletionEvent.Whole e -> whole(e.content());
            case CompletionEvent.Started e -> {}
            case CompletionEvent.OnTheWire e -> {}
            case CompletionEvent.Finished e -> {}
        }
    }

    private void whole(Content content) throws IOException {
        switch (content) {
            case Content.Text text -> message().text(out, text.text(), List.of());
            case Content.Refusal refusal -> message().refusal(out, refusal.text());
            case Content.Thinking thinking -> {
                closeReasoning();
                if (!thinking.text().isEmpty()) {
                    reasoning().text(out, thinking.text());
                }
                reasoning().seal(thinking.signature(), thinking.redacted());
                closeReasoning();
            }
            case Content.ToolCall call -> call(call.id(), call.name()).arguments(out, call.arguments());
            default -> {
                // This dialect has no item for it.
            }
        }
    }

    private MessageItem message() throws IOException {
        closeReasoning();
        MessageItem open = message;
        if (open == null) {
            open = open(index -> new MessageItem(ids.apply("msg"), index));
            message = open;
        }
        return open;
    }

    private ReasoningItem reasoning() throws IOException {
        closeMessage("completed");
        ReasoningItem open = reasoning;
        if (open == null) {
            open = open(index -> new ReasoningItem(ids.apply("rs"), index, encryptedThoughts));
            reasoning = open;
        }
        return open;
    }

    private CallItem call(String id, String name) throws IOException {
        closeReasoning();
        closeMessage("completed");
        CallItem call = open(index -> new CallItem(ids.apply("fc"), index, id, name));
        openCalls.add(call);
        return call;
    }

    private <T extends OutputItem> T open(IntFunction<T> maker) throws IOException {
        T item = maker.apply(items.size());
        items.add(item);
        item.open(out);
        return item;
    }

    private void closeReasoning() throws IOException {
        if (reasoning != null) {
            reasoning.close(out, "completed");
            reasoning = null;
        }
    }

    private void closeMessage(String status) throws IOException {
        if (message != null) {
            message.close(out, status);
            message = null;
        }
    }

    /** @param status of what was open: {@code completed} or {@code incomplete} */
    void close(String status) throws IOException {
        closeReasoning();
        closeMessage(status);
        for (CallItem call : openCalls) {
            call.close(out, status);
        }
        openCalls.clear();
    }

    void write(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("output");
        for (OutputItem item : items) {
            item.write(json);
        }
        json.writeEndArray();
    }
}
