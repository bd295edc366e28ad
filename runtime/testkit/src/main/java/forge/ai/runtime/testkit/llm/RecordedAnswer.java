package forge.ai.runtime.testkit.llm;

import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.api.llm.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What an answer says, however it is cut into pieces.
 *
 * @param model that gave it
 * @param text all text
 * @param thinking all thoughts
 * @param proofs the signatures of thoughts and the encrypted thoughts, in order
 * @param refusal the words for not answering
 * @param calls of tools, in order
 * @param finish why it ended
 * @param usage where it is said
 */
public record RecordedAnswer(
        String model,
        String text,
        String thinking,
        List<String> proofs,
        String refusal,
        List<Content.ToolCall> calls,
        FinishReason finish,
        Optional<Usage> usage) {

    public RecordedAnswer {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(thinking, "thinking");
        proofs = List.copyOf(proofs);
        Objects.requireNonNull(refusal, "refusal");
        calls = List.copyOf(calls);
        Objects.requireNonNull(finish, "finish");
        Objects.requireNonNull(usage, "usage");
    }

    /** What a whole answer says. */
    public static RecordedAnswer of(Completion completion) {
        StringBuilder thinking = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        List<String> proofs = new ArrayList<>();
        for (Content content : completion.content()) {
            if (content instanceof Content.Thinking thought) {
                thinking.append(thought.text());
                proofs.add(thought.signature() + thought.redacted());
            } else if (content instanceof Content.Refusal no) {
                refusal.append(no.text());
            }
        }
        proofs.removeIf(String::isEmpty);
        return new RecordedAnswer(
                completion.model(),
                completion.text(),
                thinking.toString(),
                proofs,
                refusal.toString(),
                completion.toolCalls(),
                completion.finish(),
                completion.usage());
    }
}
