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

    private static final Encoding[] NONE = {};

    /** The longest window of a text that is read in several: longer ones were not trained on. */
    private static final int WINDOW = 384;

    private final HuggingFaceTokenizer tokenizer;
    /** The most rows that one request may become. */
    private static final int MOST_ROWS = 4096;

    private final long padding;
    private final Truncation truncation;

    TextEncoder(HubConfig config, Truncation truncation) {
        this.padding = config.padding();
        this.truncation = truncation;
        int window = truncation.windows() ? Math.min(config.maxTokens(), WINDOW) : config.maxTokens();
        // Said in full: what is left out the library takes from the file, or from itself.
        Map<String, String> options = Map.of(
                "truncation",
                truncation.key(),
                "stride",
                Integer.toString(truncation.stride(window)),
                "maxLength",
                Integer.toString(window),
                "modelMaxLength",
                Integer.toString(window),
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

    /** @throws InvalidRequestException if a text cannot be cut to the window, or if there are too many rows */
    EncodedTexts encode(List<TextRow> texts) {
        List<Encoding> rows = new ArrayList<>(texts.size());
        List<Integer> owners = new ArrayList<>(texts.size());
        for (TextRow text : texts) {
            Encoding encoding = encode(text);
            add(encoding, text.owner(), rows, owners);
            for (Encoding further : truncation.windows() ? encoding.getOverflowing() : NONE) {
                add(further, text.owner(), rows, owners);
            }
        }
        return EncodedTexts.of(rows, owners, this);
    }

    private static void add(Encoding row, int owner, List<Encoding> rows, List<Integer> owners) {
        if (rows.size() == MOST_ROWS) {
            throw new InvalidRequestException(
                    "the texts make more than %d rows; send fewer or shorter ones".formatted(MOST_ROWS));
        }
        rows.add(row);
        owners.add(owner);
    }

    private Encoding encode(TextRow text) {
        if (text.second() == null) {
            return tokenizer.encode(text.first(), true, false);
        }
        try {
            return tokenizer.encode(text.first(), text.second(), true, truncation.windows());
        } catch (RuntimeException e) {
            // The text that may not be cut leaves no room for the other.
            throw new InvalidRequestException("text %d is too long for the model's window of %d tokens"
                    .formatted(text.owner(), tokenizer.getMaxLength()));
        }
    }

    /** The token to fill rows up with. */
    long padding() {
        return padding;
    }

    String decode(long[] tokens) {
        return tokenizer.decode(tokens, true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
