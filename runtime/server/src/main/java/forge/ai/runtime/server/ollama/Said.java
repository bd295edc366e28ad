package forge.ai.runtime.server.ollama;

import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.TokenLogprob;
import java.util.ArrayList;
import java.util.List;

/**
 * What an answer, or a line of one, says.
 *
 * @param logprobs of the tokens of the text
 */
record Said(String text, String thinking, List<Content.ToolCall> calls, List<TokenLogprob> logprobs) {

    static final Said NOTHING = new Said("", "", List.of(), List.of());

    static Said text(String text, List<TokenLogprob> logprobs) {
        return new Said(text, "", List.of(), logprobs);
    }

    static Said thinking(String text) {
        return new Said("", text, List.of(), List.of());
    }

    static Said call(Content.ToolCall call) {
        return new Said("", "", List.of(call), List.of());
    }

    /** @throws UnsupportedException if Ollama has no form for it */
    static Said of(Content content) {
        return switch (content) {
            case Content.Text text -> text(text.text(), List.of());
            case Content.Refusal refusal -> text(refusal.text(), List.of());
            case Content.Thinking thinking -> thinking(thinking.text());
            case Content.ToolCall call -> call(call);
            case Content.CachePoint point -> NOTHING;
            default ->
                throw new UnsupportedException("the answer has content that Ollama's dialect cannot hold: "
                        + (content instanceof Content.Extension foreign
                                ? "a piece of the dialect " + foreign.dialect()
                                : content.getClass().getSimpleName()));
        };
    }

    static Said of(Completion completion) {
        Said all = new Said("", "", List.of(), completion.logprobs());
        for (Content content : completion.content()) {
            all = all.and(of(content));
        }
        return all;
    }

    private Said and(Said other) {
        List<Content.ToolCall> both = new ArrayList<>(calls);
        both.addAll(other.calls);
        return new Said(text + other.text, thinking + other.thinking, both, logprobs);
    }
}
