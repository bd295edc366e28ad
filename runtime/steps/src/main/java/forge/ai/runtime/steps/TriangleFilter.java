package forge.ai.runtime.steps;

/**
 * Resamples lines linearly: each new sample is the mean of the old ones around it, weighted by a triangle as wide as
 * two samples of the coarser line. So a picture made smaller has no false patterns; it is what image libraries call
 * bilinear with anti-aliasing.
 *
 * @param first for each new sample the first old one that counts
 * @param weights for each new sample those of the old ones; they add up to 1
 */
record TriangleFilter(int[] first, float[][] weights) {

    static TriangleFilter of(int from, int to) {
        double scale = (double) from / to;
        double reach = Math.max(1, scale);
        int[] first = new int[to];
        float[][] weights = new float[to][];
        for (int i = 0; i < to; i++) {
            double center = (i + 0.5) * scale;
            int begin = Math.max(0, (int) Math.floor(center - reach + 0.5));
            int end = Math.min(from, (int) Math.floor(center + reach + 0.5));
            double[] raw = new double[end - begin];
            double sum = 0;
            for (int j = begin; j < end; j++) {
                raw[j - begin] = Math.max(0, 1 - Math.abs(j + 0.5 - center) / reach);
                sum += raw[j - begin];
            }
            first[i] = begin;
            weights[i] = new float[raw.length];
            for (int j = 0; j < raw.length; j++) {
                weights[i][j] = (float) (raw[j] / sum);
            }
        }
        return new TriangleFilter(first, weights);
    }

    /** Resamples a line that begins at one place into another one. */
    void row(float[] line, int begin, float[] into, int at) {
        for (int i = 0; i < first.length; i++) {
            float sum = 0;
            for (int j = 0; j < weights[i].length; j++) {
                sum += weights[i][j] * line[begin + first[i] + j];
            }
            into[at + i] = sum;
        }
    }

    /** Resamples each column of a plane that is so wide. */
    float[] columns(float[] plane, int width) {
        int to = first.length;
        float[] result = new float[to * width];
        for (int i = 0; i < to; i++) {
            for (int j = 0; j < weights[i].length; j++) {
                float weight = weights[i][j];
                int row = (first[i] + j) * width;
                for (int x = 0; x < width; x++) {
                    result[i * width + x] += weight * plane[row + x];
                }
            }
        }
        return result;
    }
}
