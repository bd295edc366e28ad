package forge.ai.backend.huggingface;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import forge.ai.api.InvalidRequestException;
import forge.ai.api.UnsupportedException;
import forge.ai.api.model.ModelSignature;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.TensorSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes tokens from texts; holds native memory until closed. */
final class TextEncoder implements AutoCloseable {

    private static final Set<String> KNOWN = Set.of("input_ids", "attention_mask", "token_type_ids");

    private final HuggingFaceTokenizer tokenizer;
    private final long padding;

    TextEncoder(HubConfig config) {
        padding = config.padding();
        // Said in full: what is left out the library takes from the file, or from itself.
        Map<String, String> options = Map.of(
                "truncation",
                "longest_first",
                "maxLength",
                Integer.toString(config.maxTokens()),
                "modelMaxLength",
                Integer.toString(config.maxTokens()),
                "padding",
                "do_not_pad");
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(config.tokenizerFile(), options);
        } catch (IOException | RuntimeException e) {
            throw new InvalidRequestException("cannot read " + config.tokenizerFile() + ": " + e.getMessage());
        }
    }

    /** Whether a network can be given what tokenizers make. */
    static void require(ModelSignature network) {
        for (TensorSpec input : network.inputs()) {
            boolean integers = input.type() == DataType.INT64 || input.type() == DataType.INT32;
            if (!KNOWN.contains(input.name()) || !integers || input.shape().length != 2) {
                throw new UnsupportedException(
                        "the network takes " + input + "; expected: integers [-1, -1] by the names " + KNOWN);
            }
        }
    }

    EncodedTexts encode(List<String> texts) {
        List<Encoding> rows = new ArrayList<>(texts.size());
        for (String text : texts) {
            rows.add(tokenizer.encode(text, true, false));
        }
        return EncodedTexts.of(rows, padding);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
