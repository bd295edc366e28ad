package forge.ai.runtime.support.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.TokenLogprob;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import forge.ai.runtime.support.json.LogprobRows;
import java.util.List;
import java.util.function.Consumer;

/** An item of a streamed output. What did not come in pieces is taken from the item itself when it is done. */
final class OpenItem {

    private final int index;
    private final ArrayNode annotations;
    private final UpstreamErrors errors;
    private final HttpAnswer head;
    private long said;
    private int saidHash;
    private boolean called;
    private boolean done;
    private String part = "";

    /** @param annotations takes what texts refer to */
    OpenItem(int index, ArrayNode annotations, UpstreamErrors errors, HttpAnswer head) {
        this.index = index;
        this.annotations = annotations;
        this.errors = errors;
        this.head = head;
    }

    /** Whether it is a call of a function. */
    boolean called() {
        return called;
    }

    void added(JsonNode item, Consumer<CompletionEvent> out) {
        if (Json.text(item, "type").equals("function_call")
                && !Json.text(item, "name").isEmpty()) {
            call(item, out);
        }
    }

    private Content.ToolCall call(JsonNode item, Consumer<CompletionEvent> out) {
        Content.ToolCall call = Items.call(item, errors, head);
        if (!called) {
            called = true;
            out.accept(new CompletionEvent.ToolCallStarted(index, call.id(), call.name()));
        }
        return call;
    }

    void text(JsonNode event, Consumer<CompletionEvent> out) {
        String text = Json.text(event, "delta");
        List<TokenLogprob> logprobs = LogprobRows.of(event.path("logprobs"));
        if (!text.isEmpty() || !logprobs.isEmpty()) {
            said(text);
            out.accept(new CompletionEvent.TextDelta(text, logprobs));
        }
    }

    void refusal(JsonNode event, Consumer<CompletionEvent> out) {
        String text = Json.text(event, "delta");
        if (!text.isEmpty()) {
            said(text);
            out.accept(new CompletionEvent.RefusalDelta(text));
        }
    }

    /** @param counter the field that tells the parts of a thought apart */
    void thought(String counter, JsonNode event, Consumer<CompletionEvent> out) {
        String text = Json.text(event, "delta");
        if (text.isEmpty()) {
            return;
        }
        String now = counter + Json.text(event, counter);
        String piece = (said == 0 || now.equals(part) ? "" : Thoughts.BETWEEN) + text;
        part = now;
        said(piece);
        out.accept(new CompletionEvent.ThinkingDelta(piece));
    }

    void arguments(JsonNode event, Consumer<CompletionEvent> out) {
        String piece = Json.text(event, "delta");
        // Of a call whose name is still to come they are taken from the item.
        if (called && !piece.isEmpty()) {
            said(piece);
            out.accept(new CompletionEvent.ToolCallDelta(index, piece));
        }
    }

    /** The item as it is in the end; said again, it counts once. */
    void done(JsonNode item, Consumer<CompletionEvent> out) {
        if (done) {
            return;
        }
        done = true;
        switch (Json.text(item, "type")) {
            case "message" -> message(item, out);
            case "reasoning" -> thought(item, out);
            case "function_call" -> {
                String rest = rest(call(item, out).arguments());
                if (!rest.isEmpty()) {
                    out.accept(new CompletionEvent.ToolCallDelta(index, rest));
                }
            }
            default -> out.accept(new CompletionEvent.Whole(Items.extension(item)));
        }
    }

    /** What was said is not kept, for a stream may be endless: only how long it was and its hash. */
    private void said(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            saidHash = 31 * saidHash + piece.charAt(i);
        }
        said += piece.length();
    }

    /** What has not been said of it yet; nothing if something else was said. */
    private String rest(String whole) {
        boolean begins =
                whole.length() >= said && whole.substring(0, (int) said).hashCode() == saidHash;
        return begins ? whole.substring((int) said) : "";
    }

    private void message(JsonNode item, Consumer<CompletionEvent> out) {
        StringBuilder whole = new StringBuilder();
        for (JsonNode node : item.path("content")) {
            whole.append(Json.text(node, "text")).append(Json.text(node, "refusal"));
        }
        int from = whole.length() - rest(whole.toString()).length();
        for (JsonNode node : item.path("content")) {
            node.path("annotations").forEach(annotations::add);
            switch (Items.part(node)) {
                case Content.Text text -> {
                    int skipped = Math.min(from, text.text().length());
                    from -= skipped;
                    List<TokenLogprob> logprobs =
                            skipped == 0 ? LogprobRows.of(node.path("logprobs")) : List.<TokenLogprob>of();
                    if (skipped < text.text().length()) {
                        out.accept(new CompletionEvent.TextDelta(text.text().substring(skipped), logprobs));
                    }
                }
                case Content.Refusal refusal -> {
                    int skipped = Math.min(from, refusal.text().length());
                    from -= skipped;
                    if (skipped < refusal.text().length()) {
                        out.accept(
                                new CompletionEvent.RefusalDelta(refusal.text().substring(skipped)));
                    }
                }
                case Content other -> out.accept(new CompletionEvent.Whole(other));
            }
        }
    }

    private void thought(JsonNode item, Consumer<CompletionEvent> out) {
        if (said == 0) {
            Thoughts.of(item).ifPresent(thought -> out.accept(new CompletionEvent.Whole(thought)));
            return;
        }
        String rest = rest(Thoughts.text(item));
        if (!rest.isEmpty()) {
            out.accept(new CompletionEvent.ThinkingDelta(rest));
        }
        String proof = Thoughts.proof(item);
        if (!proof.isEmpty()) {
            out.accept(new CompletionEvent.ThinkingSignature(proof));
        }
    }
}
