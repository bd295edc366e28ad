package forge.ai.provider.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {

    @Test
    void candidatesEqualThoseOfANaiveReading() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            float[] logits = new float[1 + random.nextInt(60)];
            for (int i = 0; i < logits.length; i++) {
                logits[i] = (float) random.nextGaussian() * 4;
            }
            Sampling sampling = sampling(
                    0.1 + random.nextDouble() * 3,
                    random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(70),
                    random.nextBoolean() ? 1 : 0.01 + 0.98 * random.nextDouble(),
                    random.nextBoolean() ? 0 : random.nextDouble() * 0.5);

            Sampler.Candidates candidates = Sampler.candidates(logits, sampling);

            Set<Integer> tokens = new HashSet<>();
            for (int i = 0; i < candidates.size(); i++) {
                tokens.add(candidates.tokens()[i]);
            }
            assertThat(tokens).isEqualTo(naive(logits, sampling));
        }
    }

    @Test
    void tokensAreDrawnAsOftenAsTheirProbabilitySays() {
        float[] logits = {0, (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)};
        Sampler sampler = new Sampler(sampling(1, Integer.MAX_VALUE, 1, 0), new int[0]);
        int[] counts = new int[4];

        for (int i = 0; i < 100_000; i++) {
            counts[sampler.next(logits.clone())]++;
        }

        for (int token = 0; token < 4; token++) {
            assertThat(counts[token] / 100_000.0).isCloseTo((token + 1) / 10.0, within(0.006));
        }
    }

    @Test
    void aRepetitionPenaltyHoldsForThePromptAndTheAnswer() {
        Sampler sampler =
                new Sampler(new Sampling(0, Integer.MAX_VALUE, 1, 0, 2, 0, 0, OptionalLong.empty()), new int[] {0});

        assertThat(sampler.next(new float[] {10, 9, 8})).isEqualTo(1);
        assertThat(sampler.next(new float[] {10, 9, 8})).isEqualTo(2);
        assertThat(sampler.next(new float[] {-1, -3, -8})).isEqualTo(0);
    }

    private static Sampling sampling(double temperature, int topK, double topP, double minP) {
        return new Sampling(temperature, topK, topP, minP, 1, 0, 0, OptionalLong.of(42));
    }

    /** Step by step as described: temperature, top-k, top-p, min-p, each with probabilities anew. */
    private static Set<Integer> naive(float[] logits, Sampling sampling) {
        List<Integer> order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> -logits[i]))
                .limit(sampling.topK())
                .toList();
        double total = order.stream()
                .mapToDouble(i -> Math.exp(logits[i] / sampling.temperature()))
                .sum();
        Set<Integer> kept = new HashSet<>();
        double mass = 0;
        double best = Math.exp(logits[order.getFirst()] / sampling.temperature()) / total;
        for (int token : order) {
            double probability = Math.exp(logits[token] / sampling.temperature()) / total;
            boolean within = mass < sampling.topP() || sampling.topP() == 1;
            if (kept.isEmpty() || within && probability >= sampling.minP() * best) {
                kept.add(token);
            }
            mass += probability;
        }
        return kept;
    }
}
