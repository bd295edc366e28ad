package forge.ai.runtime.inference;

import forge.ai.api.inference.InferenceRequest;
import forge.ai.api.model.ModelStatus;
import forge.ai.api.tensor.DataType;
import forge.ai.api.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a result depends on.
 *
 * @param version the version that computes
 * @param digest of its files
 * @param outputs those asked for; empty for the usual ones
 * @param inputs SHA-256 over names, types, shapes and contents
 */
record CacheKey(long version, String digest, Set<String> outputs, ByteBuffer inputs) {

    static CacheKey of(ModelStatus model, InferenceRequest request) {
        return new CacheKey(model.version(), model.digest(), request.outputs(), hash(request.inputs()));
    }

    private static ByteBuffer hash(Map<String, Tensor> inputs) {
        MessageDigest digest = sha256();
        new TreeMap<>(inputs).forEach((name, tensor) -> {
            update(digest, name.getBytes(StandardCharsets.UTF_8));
            ByteBuffer form = ByteBuffer.allocate(2 + Long.BYTES * tensor.rank());
            form.put((byte) tensor.type().ordinal()).put((byte) tensor.rank());
            for (int axis = 0; axis < tensor.rank(); axis++) {
                form.putLong(tensor.dimension(axis));
            }
            digest.update(form.flip());
            if (tensor.type() == DataType.BYTES) {
                tensor.bytes().forEach(bytes -> update(digest, bytes));
            } else {
                digest.update(tensor.data());
            }
        });
        return ByteBuffer.wrap(digest.digest()).asReadOnlyBuffer();
    }

    /** With the length first, so that the same bytes divided otherwise are something else. */
    private static void update(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
