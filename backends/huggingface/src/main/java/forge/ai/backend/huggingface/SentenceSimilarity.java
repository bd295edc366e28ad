package forge.ai.backend.huggingface;

import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How near sentences are to a text: the cosine of their vectors. */
final class SentenceSimilarity implements Head {

    private static final String SENTENCES = "sentences";
    private static final String SIMILARITY = "similarity";

    private final FeatureExtraction features;

    SentenceSimilarity(HubConfig config, ModelSignature network) {
        features = new FeatureExtraction(config, network);
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec(TEXT, DataType.BYTES, -1), new TensorSpec(SENTENCES, DataType.BYTES, -1, -1));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec(SIMILARITY, DataType.FP32, -1, -1));
    }

    @Override
    public Map<String, String> metadata() {
        return features.metadata();
    }

    @Override
    public Set<String> needs() {
        return features.needs();
    }

    /** All sentences of all texts may be given as one list, if there is one text. */
    @Override
    public Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return Candidates.forEach(Columns.flat(inputs, TEXT), TEXT, SENTENCES);
    }

    /** Each text, followed by its sentences. */
    @Override
    public List<TextRow> rows(Map<String, Tensor> inputs) {
        List<String> texts = inputs.get(TEXT).toStrings();
        List<String> sentences = inputs.get(SENTENCES).toStrings();
        int each = (int) inputs.get(SENTENCES).dimension(1);
        List<TextRow> rows = new ArrayList<>();
        for (int text = 0; text < texts.size(); text++) {
            rows.add(new TextRow(texts.get(text), null, text));
            for (String sentence : sentences.subList(text * each, (text + 1) * each)) {
                rows.add(new TextRow(sentence, null, text));
            }
        }
        return rows;
    }

    @Override
    public Reading read(Map<String, Tensor> inputs) {
        long[] shape = inputs.get(SENTENCES).shape();
        FeatureExtraction.Vectors vectors = features.vectors();
        return new Reading() {
            @Override
            public void add(Map<String, Tensor> computed, EncodedTexts rows) {
                vectors.add(computed, rows);
            }

            @Override
            public Map<String, Tensor> outputs() {
                return Map.of(SIMILARITY, Tensor.ofFloats(shape, similarities(vectors.all(), (int) shape[1])));
            }
        };
    }

    private static float[] similarities(List<float[]> vectors, int each) {
        int texts = vectors.size() / (each + 1);
        float[] similarities = new float[texts * each];
        for (int text = 0; text < texts; text++) {
            float[] one = vectors.get(text * (each + 1));
            for (int i = 0; i < each; i++) {
                similarities[text * each + i] = cosine(one, vectors.get(text * (each + 1) + 1 + i));
            }
        }
        return similarities;
    }

    private static float cosine(float[] one, float[] other) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            first += (double) one[i] * one[i];
            second += (double) other[i] * other[i];
        }
        return (float) (product / Math.max(Math.sqrt(first) * Math.sqrt(second), 1e-12));
    }
}
