package forge.ai.runtime.steps;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Finds the highest of many scores; of equal ones the first, and what is not a number last. */
final class Highest {

    private record Scored(int place, double score) {

        /** Lowest first. */
        static final Comparator<Scored> ORDER = Comparator.comparingDouble(Scored::score)
                .thenComparing(Comparator.comparingInt(Scored::place).reversed());
    }

    private Highest() {}

    /**
     * The places of the highest scores, the highest first.
     *
     * @param first where the scores begin
     * @param count how many there are
     * @param k how many are wanted, at most {@code count}
     */
    static int[] places(Numbers scores, int first, int count, int k) {
        PriorityQueue<Scored> best = new PriorityQueue<>(k + 1, Scored.ORDER);
        for (int i = 0; i < count; i++) {
            double score = scores.get(first + i);
            best.add(new Scored(i, Double.isNaN(score) ? Double.NEGATIVE_INFINITY : score + 0.0));
            if (best.size() > k) {
                best.remove();
            }
        }
        int[] places = new int[k];
        for (int i = k - 1; i >= 0; i--) {
            places[i] = best.remove().place();
        }
        return places;
    }
}
