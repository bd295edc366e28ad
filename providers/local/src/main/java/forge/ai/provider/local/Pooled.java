package forge.ai.provider.local;

import java.nio.FloatBuffer;

/** The vector of a text from those of its tokens. */
final class Pooled {

    private Pooled() {}

    /**
     * A vector of length 1.
     *
     * @param tokens the vectors of the tokens, one after the other
     * @param size their size
     */
    static float[] of(FloatBuffer tokens, int size, HubFiles.Pooling pooling) {
        int count = pooling == HubFiles.Pooling.CLS ? 1 : tokens.capacity() / size;
        double[] sum = new double[size];
        for (int i = 0; i < size; i++) {
            sum[i] = tokens.get(i);
            for (int token = 1; token < count; token++) {
                double value = tokens.get(token * size + i);
                sum[i] = pooling == HubFiles.Pooling.MAX ? Math.max(sum[i], value) : sum[i] + value;
            }
        }
        // The mean has the direction of the sum, and only that is left.
        double square = 0;
        for (double value : sum) {
            square += value * value;
        }
        double length = Math.max(Math.sqrt(square), 1e-12);
        float[] vector = new float[size];
        for (int i = 0; i < size; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }
}
