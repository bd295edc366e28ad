package forge.ai.backend.huggingface;

import forge.ai.api.UnsupportedException;

/** What a model is for. */
enum Task {
    TEXT_CLASSIFICATION("text-classification"),
    FEATURE_EXTRACTION("feature-extraction");

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
