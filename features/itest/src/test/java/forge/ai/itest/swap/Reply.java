package forge.ai.itest.swap;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** What {@link LoopbackLlm} answers to a prompt: it follows from the prompt, so that an answer can be told right or wrong. */
record Reply(List<String> pieces) {

    /** One in so many prompts is answered so slowly that several swaps go by meanwhile. */
    private static final int SLOW_ONE_IN = 150;

    static Reply to(String prompt) {
        SplittableRandom random = random(prompt);
        int count = random.nextInt(4, 13);
        return new Reply(IntStream.range(0, count)
                .mapToObj(i -> "%d:%x ".formatted(i, random.nextLong()))
                .toList());
    }

    /** How long the upstream takes for each piece. */
    static long millisPerPiece(String prompt) {
        return random(prompt + "/pace").nextInt(SLOW_ONE_IN) == 0 ? 120 : 3;
    }

    String text() {
        return String.join("", pieces);
    }

    private static SplittableRandom random(String prompt) {
        long seed = 1;
        for (int i = 0; i < prompt.length(); i++) {
            seed = seed * 31 + prompt.charAt(i);
        }
        return new SplittableRandom(seed);
    }
}
