package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import forge.ai.api.llm.CompletionEvent;
import forge.ai.api.llm.Content;
import forge.ai.runtime.support.anthropic.Messages;
import forge.ai.runtime.support.json.Json;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;

/** A piece of content that is still coming. */
sealed interface OpenBlock {

    /** More of it. */
    void add(JsonNode delta, Consumer<CompletionEvent> out);

    /** That was all. */
    default void end(Consumer<CompletionEvent> out) {}

    /** Text, with its sources. */
    record Text(int index, AnswerNotes notes) implements OpenBlock {
        static Text begin(int index, JsonNode block, AnswerNotes notes, Consumer<CompletionEvent> out) {
            Text text = new Text(index, notes);
            text.add(block, out);
            block.path("citations").forEach(citation -> notes.cite(index, citation));
            return text;
        }

        @Override
        public void add(JsonNode delta, Consumer<CompletionEvent> out) {
            String piece = Json.text(delta, "text");
            if (!piece.isEmpty()) {
                out.accept(new CompletionEvent.TextDelta(piece));
            }
            Json.present(delta, "citation").ifPresent(citation -> notes.cite(index, citation));
        }
    }

    /** A thought; its proof comes last and may be cut too. */
    record Thought(StringBuilder signature) implements OpenBlock {
        static Thought begin(JsonNode block, Consumer<CompletionEvent> out) {
            Thought thought = new Thought(new StringBuilder());
            thought.add(block, out);
            return thought;
        }

        @Override
        public void add(JsonNode delta, Consumer<CompletionEvent> out) {
            String piece = Json.text(delta, "thinking");
            if (!piece.isEmpty()) {
                out.accept(new CompletionEvent.ThinkingDelta(piece));
            }
            signature.append(Json.text(delta, "signature"));
        }

        @Override
        public void end(Consumer<CompletionEvent> out) {
            if (!signature.isEmpty()) {
                out.accept(new CompletionEvent.ThinkingSignature(signature.toString()));
            }
        }
    }

    /** What the model will not show of its thoughts. */
    record Redacted(String data) implements OpenBlock {
        @Override
        public void add(JsonNode delta, Consumer<CompletionEvent> out) {}

        @Override
        public void end(Consumer<CompletionEvent> out) {
            out.accept(new CompletionEvent.Whole(new Content.Thinking("", "", data)));
        }
    }

    /** The arguments of a call, which come in pieces or with its beginning. */
    final class Arguments implements OpenBlock {
        private final JsonNode input;
        private final Function<String, CompletionEvent> event;
        private boolean pieces;

        /** @param event what a piece of the arguments is */
        Arguments(JsonNode input, Function<String, CompletionEvent> event) {
            this.input = input;
            this.event = event;
        }

        @Override
        public void add(JsonNode delta, Consumer<CompletionEvent> out) {
            String piece = Json.text(delta, "partial_json");
            if (!piece.isEmpty()) {
                pieces = true;
                out.accept(event.apply(piece));
            }
        }

        @Override
        public void end(Consumer<CompletionEvent> out) {
            if (!pieces) {
                out.accept(event.apply(input.isObject() ? input.toString() : "{}"));
            }
        }
    }

    /** What has no common form, kept as the vendor would have sent it whole. */
    record Other(ObjectNode block, StringBuilder input) implements OpenBlock {
        @Override
        public void add(JsonNode delta, Consumer<CompletionEvent> out) {
            delta.properties().forEach(field -> {
                String name = field.getKey();
                JsonNode known = block.path(name);
                if (name.equals("partial_json")) {
                    input.append(field.getValue().asText());
                } else if (!name.equals("type")) {
                    boolean texts = known.isTextual() && field.getValue().isTextual();
                    block.set(
                            name,
                            texts
                                    ? TextNode.valueOf(
                                            known.textValue() + field.getValue().textValue())
                                    : field.getValue());
                }
            });
        }

        @Override
        public void end(Consumer<CompletionEvent> out) {
            if (!input.isEmpty()) {
                try {
                    block.set("input", Json.read(input.toString()));
                } catch (IOException e) {
                    // Cut by a limit of tokens: what there is of it cannot be sent back, and the call will not be made.
                }
            }
            out.accept(new CompletionEvent.Whole(new Content.Extension(Messages.DIALECT, block.toString())));
        }
    }
}
