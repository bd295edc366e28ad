package forge.ai.backend.huggingface;

import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import forge.ai.api.tensor.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a task takes, and what it makes of the outputs of its network. */
sealed interface Head
        permits TextClassification,
                FeatureExtraction,
                TokenClassification,
                FillMask,
                QuestionAnswering,
                ZeroShotClassification,
                SentenceSimilarity {

    /** The input of most tasks. */
    String TEXT = "text";

    static Head of(Task task, HubConfig config, ModelSignature network) {
        return switch (task) {
            case TEXT_CLASSIFICATION -> new TextClassification(config, network);
            case TOKEN_CLASSIFICATION -> new TokenClassification(config, network);
            case FILL_MASK -> new FillMask(config, network);
            case QUESTION_ANSWERING -> new QuestionAnswering(config, network);
            case FEATURE_EXTRACTION -> new FeatureExtraction(config, network);
            case SENTENCE_SIMILARITY -> new SentenceSimilarity(config, network);
            case ZERO_SHOT_CLASSIFICATION -> new ZeroShotClassification(config, network);
        };
    }

    default List<TensorSpec> inputs() {
        return List.of(new TensorSpec(TEXT, DataType.BYTES, -1));
    }

    List<TensorSpec> outputs();

    /** What the signature says besides. */
    Map<String, String> metadata();

    /** The outputs of the network that are needed. */
    Set<String> needs();

    /** How texts beyond the window are cut. */
    default Truncation truncation() {
        return Truncation.LONGEST_FIRST;
    }

    /** The most rows that are computed at once: their outputs are in memory together. */
    default int rows() {
        return 32;
    }

    /** Inputs in the form of {@link #inputs()}, where others are taken too. */
    default Map<String, Tensor> adapt(Map<String, Tensor> inputs) {
        return Columns.flat(inputs, TEXT);
    }

    /** The rows to put before the network. */
    default List<TextRow> rows(Map<String, Tensor> inputs) {
        List<TextRow> rows = new ArrayList<>();
        for (String text : inputs.get(TEXT).toStrings()) {
            rows.add(new TextRow(text, null, rows.size()));
        }
        return rows;
    }

    /** @param inputs of the request, checked */
    Reading read(Map<String, Tensor> inputs);
}
