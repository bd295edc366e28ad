package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;

/** What a model is for. */
enum Task {
    TEXT_CLASSIFICATION("text-classification"),
    TOKEN_CLASSIFICATION("token-classification"),
    FILL_MASK("fill-mask"),
    QUESTION_ANSWERING("question-answering"),
    FEATURE_EXTRACTION("feature-extraction"),
    SENTENCE_SIMILARITY("sentence-similarity"),
    ZERO_SHOT_CLASSIFICATION("zero-shot-classification");

    private final String key;

    Task(String key) {
        this.key = key;
    }

    /** As the Hub writes it. */
    String key() {
        return key;
    }

    /** By the class that the reference library makes of the model. */
    static Task of(String architecture) {
        if (architecture.endsWith("ForSequenceClassification")) {
            return TEXT_CLASSIFICATION;
        }
        if (architecture.endsWith("ForTokenClassification")) {
            return TOKEN_CLASSIFICATION;
        }
        if (architecture.endsWith("ForMaskedLM")) {
            return FILL_MASK;
        }
        if (architecture.endsWith("ForQuestionAnswering")) {
            return QUESTION_ANSWERING;
        }
        if (architecture.endsWith("ForCausalLM") || architecture.endsWith("LMHeadModel")) {
            throw new UnsupportedException(
                    "%s is a causal language model: give it the backend onnx, and the provider local"
                                    .formatted(architecture)
                            + " serves it");
        }
        if (architecture.endsWith("Model")) {
            return FEATURE_EXTRACTION;
        }
        throw new UnsupportedException(
                "there is no task for the architecture '%s'; set parameters.task, or use the backend onnx"
                        .formatted(architecture));
    }
}
