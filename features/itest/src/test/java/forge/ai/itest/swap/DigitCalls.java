package forge.ai.itest.swap;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Inference with the sample model {@code digits}; the scores have to be what they were before anything was swapped. */
final class DigitCalls {

    private static final int PICTURES = 16;
    private static final int PIXELS = 64;
    private static final int SCORES = 10;

    /** What a batch of another size may change in the last bits of a sum. */
    private static final double TOLERANCE = 1e-4;

    private final Wire wire;
    private final List<List<Double>> pictures = new ArrayList<>();
    private final List<double[]> scores = new ArrayList<>();

    private DigitCalls(Wire wire) {
        this.wire = wire;
    }

    /** Asks once for what is compared later. */
    static DigitCalls learn(Wire wire) throws IOException, InterruptedException, WrongAnswer {
        DigitCalls calls = new DigitCalls(wire);
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < PICTURES; i++) {
            List<Double> picture =
                    random.ints(PIXELS, 0, 17).mapToObj(v -> v / 16.0).toList();
            calls.pictures.add(picture);
            calls.scores.add(calls.infer(picture));
        }
        return calls;
    }

    void infer(String caller, long number) throws IOException, InterruptedException, WrongAnswer {
        int picture = (int) (number % PICTURES);
        double[] got = infer(pictures.get(picture));
        double[] wanted = scores.get(picture);
        for (int i = 0; i < SCORES; i++) {
            WrongAnswer.unless(
                    Math.abs(got[i] - wanted[i]) <= TOLERANCE, "score " + i + " of picture " + picture, got[i]);
        }
    }

    private double[] infer(List<Double> picture) throws IOException, InterruptedException, WrongAnswer {
        Map<String, Object> input =
                Map.of("name", "image", "datatype", "FP32", "shape", List.of(1, 1, 8, 8), "data", picture);
        JsonNode answer = wire.ask("/v2/models/digits/infer", Map.of("inputs", List.of(input)));
        JsonNode data = answer.at("/outputs/0/data");
        WrongAnswer.unless(data.size() == SCORES && answer.path("outputs").size() == 1, "not ten scores", answer);
        double[] values = new double[SCORES];
        for (int i = 0; i < SCORES; i++) {
            values[i] = data.get(i).asDouble();
        }
        return values;
    }
}
