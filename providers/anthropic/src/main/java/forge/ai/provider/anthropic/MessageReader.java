package forge.ai.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.Content;
import forge.ai.api.llm.FinishReason;
import forge.ai.runtime.support.anthropic.BlockReader;
import forge.ai.runtime.support.http.HttpAnswer;
import forge.ai.runtime.support.http.UpstreamErrors;
import forge.ai.runtime.support.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads whole answers. */
final class MessageReader {

    private final HttpAnswer answer;
    private final UpstreamErrors errors;
    private final Optional<AnswerTool> answerTool;
    private final AnswerNotes notes = new AnswerNotes();
    private final List<Content> content = new ArrayList<>();

    /** @param answerTool the tool whose call is the answer */
    MessageReader(HttpAnswer answer, UpstreamErrors errors, Optional<AnswerTool> answerTool) {
        this.answer = answer;
        this.errors = errors;
        this.answerTool = answerTool;
    }

    Completion read() {
        JsonNode root = answer.json(errors);
        JsonNode blocks = root.path("content");
        if (!blocks.isArray()) {
            throw errors.protocol("an answer without content", answer);
        }
        notes.add(root);
        if (!notes.complete()) {
            throw errors.protocol("an answer without a stop reason", answer);
        }
        BlockReader reader = new BlockReader(what -> errors.protocol(what, answer));
        for (int i = 0; i < blocks.size(); i++) {
            reader.read(blocks.get(i), this::add);
            for (JsonNode citation : blocks.get(i).path("citations")) {
                notes.cite(i, citation);
            }
        }
        return new Completion(
                Json.text(root, "id"),
                Json.text(root, "model"),
                content,
                finish(),
                notes.stopSequence(),
                notes.usage(),
                List.of(),
                notes.extensions(),
                Optional.empty(),
                Optional.empty());
    }

    private void add(Content piece) {
        if (piece instanceof Content.ToolCall call && isAnswer(call.name())) {
            content.add(new Content.Text(call.arguments()));
        } else if (!(piece instanceof Content.Text text && text.text().isEmpty())) {
            content.add(piece);
        }
    }

    private boolean isAnswer(String tool) {
        return answerTool.filter(answerTool -> answerTool.name().equals(tool)).isPresent();
    }

    private FinishReason finish() {
        boolean answered = answerTool.isPresent() && content.stream().noneMatch(Content.ToolCall.class::isInstance);
        return answered && notes.finish() == FinishReason.TOOL_CALLS ? FinishReason.STOP : notes.finish();
    }
}
