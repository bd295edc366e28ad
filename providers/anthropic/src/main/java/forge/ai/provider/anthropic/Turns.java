package forge.ai.provider.anthropic;

import forge.ai.api.llm.Content;
import forge.ai.api.llm.Message;
import forge.ai.runtime.support.anthropic.BlockWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A conversation as the interface wants it: instructions apart, all results of tools in the turn right after the calls,
 * before whatever else the user says, and marks for the cache in the turn whose end they mark.
 */
final class Turns {

    /** One turn; {@code open} while what the user says next belongs to it. */
    private record Turn(String role, List<Content> content, boolean open) {}

    private final List<Content> system = new ArrayList<>();
    private final List<Turn> turns = new ArrayList<>();

    Turns(List<Message> messages) {
        messages.forEach(this::add);
        turns.removeIf(turn -> turn.content().stream().noneMatch(BlockWriter::hasBlock));
    }

    private void add(Message message) {
        List<Content> content = new ArrayList<>(message.content());
        content.removeIf(Turns::foreign);
        while (!content.isEmpty() && content.getFirst() instanceof Content.CachePoint point) {
            content.removeFirst();
            (turns.isEmpty() ? system : turns.getLast().content()).add(point);
        }
        switch (message.role()) {
            case SYSTEM -> instruct(content);
            case USER -> say("user", content, false);
            case TOOL -> say("user", content, true);
            case ASSISTANT -> turns.add(new Turn("assistant", content, false));
        }
    }

    /** A thought of another vendor, whose proof is a document; this one's are not. It would be refused. */
    private static boolean foreign(Content content) {
        return content instanceof Content.Thinking thought
                && (thought.signature().startsWith("{") || thought.redacted().startsWith("{"));
    }

    /** What only the dialect itself has stays at its place; else instructions stand before the conversation. */
    private void instruct(List<Content> content) {
        if (!turns.isEmpty() && content.stream().anyMatch(Content.Extension.class::isInstance)) {
            turns.add(new Turn("system", content, false));
        } else {
            system.addAll(content);
        }
    }

    private void say(String role, List<Content> content, boolean results) {
        if (!turns.isEmpty() && turns.getLast().open()) {
            Turn last = turns.removeLast();
            last.content().addAll(content);
            turns.add(new Turn(role, last.content(), results));
        } else {
            turns.add(new Turn(role, content, results));
        }
    }

    /** What the model is told before the conversation. */
    List<Content> system() {
        return system;
    }

    /** Whether results of tools are handed back for calls that the model made without a thought before them. */
    boolean goesOnWithoutThought() {
        if (turns.size() < 2 || turns.getLast().content().stream().noneMatch(Content.ToolResult.class::isInstance)) {
            return false;
        }
        return turns.get(turns.size() - 2).content().stream()
                .filter(BlockWriter::hasBlock)
                .noneMatch(Content.Thinking.class::isInstance);
    }

    /** Whether any content that only the dialect itself has is so. */
    boolean anyOwn(Predicate<String> json) {
        return turns.stream().anyMatch(turn -> anyOwn(turn.content(), json));
    }

    private static boolean anyOwn(List<Content> content, Predicate<String> json) {
        return content.stream().anyMatch(piece -> switch (piece) {
            case Content.Extension extension -> json.test(extension.json());
            case Content.ToolResult result -> anyOwn(result.content(), json);
            default -> false;
        });
    }

    /** What to do with each turn. */
    interface Writer<E extends Exception> {
        void write(String role, List<Content> content) throws E;
    }

    <E extends Exception> void forEach(Writer<E> writer) throws E {
        for (Turn turn : turns) {
            writer.write(turn.role(), turn.content());
        }
    }
}
