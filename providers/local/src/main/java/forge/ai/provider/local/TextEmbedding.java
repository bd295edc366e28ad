package forge.ai.provider.local;

import forge.ai.api.Cancellation;
import forge.ai.api.ContextLengthException;
import forge.ai.api.ErrorDetails;
import forge.ai.api.ProtocolException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.llm.EmbeddingRequest;
import forge.ai.api.llm.Embeddings;
import forge.ai.api.llm.Usage;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns texts into vectors of length 1: the vectors of their tokens, pooled. */
final class TextEmbedding {

    /** So many texts go into one computation. */
    private static final int ROWS = 32;

    private final Computation computation;

    TextEmbedding(Computation computation) {
        this.computation = computation;
    }

    Embeddings embed(EmbeddingRequest request, ServedModel model, VersionHold hold) {
        List<int[]> texts = new ArrayList<>();
        for (String input : request.inputs()) {
            texts.add(tokens(input, texts.size(), model));
        }
        int rows = Math.min(ROWS, TokenTensors.maxRows(hold.model().signature()));
        List<float[]> vectors = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += rows) {
            compute(texts.subList(from, Math.min(texts.size(), from + rows)), model, hold, vectors);
        }
        int dimensions = vectors.getFirst().length;
        if (request.dimensions().orElse(dimensions) != dimensions) {
            throw new UnsupportedException(
                    "the vectors of " + request.model() + " have " + dimensions + " dimensions, not as asked "
                            + request.dimensions().getAsInt(),
                    ErrorDetails.NONE.withParameter("dimensions"));
        }
        long tokens = texts.stream().mapToLong(text -> text.length).sum();
        return new Embeddings(request.model(), vectors, Optional.of(Usage.of(tokens, 0)));
    }

    private static int[] tokens(String input, int index, ServedModel model) {
        int[] tokens = model.tokenizer().encode(input, true);
        if (tokens.length > model.files().contextTokens()) {
            throw new ContextLengthException(
                    "input %d has %d tokens, the model takes %d"
                            .formatted(index, tokens.length, model.files().contextTokens()),
                    ErrorDetails.NONE.withParameter("input"));
        }
        return tokens;
    }

    private void compute(List<int[]> texts, ServedModel model, VersionHold hold, List<float[]> vectors) {
        ModelSignature signature = hold.model().signature();
        TensorSpec output = signature
                .output("sentence_embedding")
                .or(() -> signature.output("last_hidden_state"))
                .orElseThrow(() -> new UnsupportedException(
                        "the model has neither an output sentence_embedding nor last_hidden_state"));
        Tensor values = computation.run(hold, TokenTensors.of(signature, texts), output.name(), new Cancellation());
        int size = (int) values.dimension(values.rank() - 1);
        FloatBuffer floats = values.data().asFloatBuffer();
        if (values.rank() != 2 && values.rank() != 3) {
            throw new ProtocolException("the model gave vectors as " + values);
        }
        int stride = values.elements() / (int) values.dimension(0);
        for (int row = 0; row < texts.size(); row++) {
            int tokens = values.rank() == 2 ? 1 : texts.get(row).length;
            float[] vector = Pooled.of(
                    floats.slice(row * stride, tokens * size),
                    size,
                    model.files().pooling());
            vectors.add(vector);
        }
    }
}
