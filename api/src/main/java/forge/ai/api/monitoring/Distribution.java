package forge.ai.api.monitoring;

import java.util.List;

/**
 * How values are distributed.
 *
 * @param count how many there were
 * @param sum of all of them
 * @param min the least; 0 if there was none
 * @param max the greatest; 0 if there was none
 * @param bounds the upper bounds of the buckets, growing, each inclusive; the last bucket has none
 * @param counts how many fell into each bucket, one more than there are bounds
 */
public record Distribution(long count, double sum, double min, double max, List<Double> bounds, List<Long> counts) {

    public Distribution {
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
        if (counts.size() != bounds.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " buckets with " + bounds.size() + " bounds");
        }
    }

    /**
     * The value that such a share of all is not above, estimated: within the bucket where it lies, as if values were
     * spread evenly there.
     *
     * @param share 0 to 1, as in 0.95
     * @return in the unit of the values; NaN if there is none
     */
    public double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        double rank = Math.clamp(share, 0, 1) * count;
        long before = 0;
        for (int i = 0; i < counts.size(); i++) {
            long here = counts.get(i);
            if (here > 0 && before + here >= rank) {
                double low = Math.max(min, i == 0 ? Double.NEGATIVE_INFINITY : bounds.get(i - 1));
                double high = Math.min(max, i == bounds.size() ? Double.POSITIVE_INFINITY : bounds.get(i));
                return low + (high - low) * Math.max(0, (rank - before) / here);
            }
            before += here;
        }
        return max;
    }
}
