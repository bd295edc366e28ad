package forge.ai.runtime.vectors;

import forge.ai.api.ErrorDetails;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.ChatRequest;
import forge.ai.api.llm.Completion;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.LlmModel;
import forge.ai.api.llm.LlmProvider;
import java.util.List;
import java.util.Optional;

/** A provider whose vectors say how often each letter stands in a text. */
final class LetterCounts implements LlmProvider {

    @Override
    public List<LlmModel> models() {
        return List.of(LlmModel.of("letters"));
    }

    @Override
    public Completion chat(ChatRequest request) {
        throw new UnsupportedException("it does not talk", ErrorDetails.NONE);
    }

    @Override
    public Embeddings embed(EmbeddingRequest request) {
        return new Embeddings(
                request.model(),
                request.inputs().stream().map(LetterCounts::counts).toList(),
                Optional.empty());
    }

    private static float[] counts(String text) {
        float[] counts = new float[26];
        text.chars().forEach(letter -> counts[letter - 'a']++);
        return counts;
    }
}
